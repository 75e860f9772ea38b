import { ArchgenError } from "@archgen/errors";
import type { ModelStore } from "@archgen/models";
import { GATE_TARGETS, type GateComparison, type GateTarget, reasonsAgainst } from "@archgen/models/refresh";
import { type CallContext, orchestrator } from "@archgen/rpc";
import { constraintsToMessage } from "@archgen/wire";
import type { Generator } from "./generator.js";
import type { GateSettings } from "./settings.js";

/** Lets a version answer only where it is no worse than the one that answers now. */
export class PromotionGate {
	constructor(
		private readonly store: ModelStore,
		private readonly generator: Pick<Generator, "generate">,
		private readonly settings: GateSettings,
	) {}

	/**
	 * Compares two versions of a model by the same questions; some minutes.
	 *
	 * @param served version that answers now
	 * @throws FAILED_PRECONDITION, reason WORSE_THAN_SERVED, saying what got worse
	 */
	async require(
		model: string,
		version: string,
		served: string,
		context: Pick<CallContext, "signal" | "logger">,
	): Promise<GateComparison[]> {
		const { manifest } = await this.store.open(model, { version }, context.signal);
		const comparisons: GateComparison[] = [];
		for (const target of GATE_TARGETS) {
			const before = await this.#best(target, served, context);
			comparisons.push({ name: target.name, before, after: await this.#best(target, version, context) });
		}
		const { refresh } = manifest.trainedOn as { readonly refresh?: { readonly base?: string } };
		// Losses on what another version held out say nothing of the one that answers.
		const reasons = reasonsAgainst(refresh?.base === served ? manifest.metrics : {}, comparisons);
		if (reasons.length === 0) return comparisons;
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "WORSE_THAN_SERVED",
			message: `Version ${version} was not promoted, ${served} goes on answering: ${reasons.join("; ")}.`,
			metadata: { version, served },
		});
	}

	/** The best objective of a version for a question; undefined without a network. */
	async #best(
		{ target, constraints }: GateTarget,
		modelVersion: string,
		context: Pick<CallContext, "signal" | "logger">,
	): Promise<number | undefined> {
		const { candidates, scored } = this.settings;
		const spec = orchestrator.GenerationSpec.fromPartial({
			constraints: constraintsToMessage(constraints),
			inputSize: target.size,
			classCount: target.classes,
			candidates,
			scoredCandidates: Math.min(scored, candidates),
			topK: 1,
			modelVersion,
		});
		const { networks } = await this.generator.generate(spec, context);
		return networks[0]?.objectiveValue;
	}
}
