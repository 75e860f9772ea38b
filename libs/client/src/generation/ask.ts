import type { Constraints } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { Progress, RunContext } from "@archgen/pipeline";
import { type ClientConfig, type common, createClient, goOn, orchestrator } from "@archgen/rpc";
import type { Target, TaskName } from "@archgen/search-space";
import { duration } from "@archgen/text";
import { constraintsToMessage, targetToMessage } from "@archgen/wire";
import { stepName } from "./answer.js";

/** What networks are for, as options say it. */
export interface Purpose {
	/** Height of the input in pixels, and width where none is given. */
	readonly input: number;
	readonly inputWidth?: number | undefined;
	readonly inputChannels?: number | undefined;
	/** Outputs; a network for features has none, whatever is said here. */
	readonly classes: number;
	readonly task?: TaskName | undefined;
	readonly outputStride?: number | undefined;
}

/** A request for networks. */
export interface Question extends Purpose {
	readonly constraints: Constraints;
	readonly candidates: number;
	/** Candidates to score, where the objective can be predicted; the orchestrator's choice unless given. */
	readonly scored?: number | undefined;
	readonly top: number;
	readonly seed: number;
	readonly latencyTable?: common.LatencyTable | undefined;
	readonly maxLatencyMs?: number | undefined;
	/** Name of the objective; that of the orchestrator unless given. */
	readonly objective?: string | undefined;
	/** Evaluations in all, refinement included. */
	readonly evaluations?: number | undefined;
	/** Noise that cells are drawn with. */
	readonly temperature?: number | undefined;
	/** Divisor of the logits when sequences are written. */
	readonly sequenceTemperature?: number | undefined;
	/** Networks from one sequence. */
	readonly drawsPerSequence?: number | undefined;
	/** NASWOT and SNIP-SSNR that sequences are asked for. */
	readonly naswot?: number | undefined;
	readonly snipSsnr?: number | undefined;
	/** Version that must answer; the one served now unless given. */
	readonly modelVersion?: string | undefined;
	/** Name of the generator of the cells; the flow unless given. */
	readonly cellGenerator?: string | undefined;
	/** Networks without scores, the largest first. */
	readonly skipScoring?: boolean | undefined;
	/** Seconds after which refinement ends with the best so far. */
	readonly timeLimit?: number | undefined;
}

/**
 * Asks an orchestrator for networks. A stream that breaks is gone on with.
 *
 * @throws ArchgenError UNAVAILABLE `NO_RESULT` when the answer ends without one
 */
export async function ask(
	context: RunContext,
	connection: ClientConfig,
	question: Question,
): Promise<orchestrator.GenerationResult> {
	const { signal } = context;
	const client = createClient(orchestrator.OrchestratorServiceService, connection);
	const request = orchestrator.GenerateNetworksRequest.fromPartial({ spec: specOf(question) });
	const open = (resumeToken: string) => client.generateNetworks({ ...request, resumeToken }, { signal });
	const positionOf = ({ resumeToken }: orchestrator.GenerateNetworksResponse) => resumeToken;
	const progress = new StepProgress(context);
	try {
		for await (const { event } of goOn(open, { positionOf, signal })) {
			if (event?.$case === "result") return event.value;
			if (event?.$case === "progress") progress.show(event.value);
		}
		throw new ArchgenError({
			category: "UNAVAILABLE",
			reason: "NO_RESULT",
			message: `The orchestrator at ${connection.address} ended its answer without a result; look into its log.`,
		});
	} finally {
		progress.stop();
		client.close();
	}
}

/** The target that options describe. */
export function targetOf(purpose: Purpose): Target {
	const { input: size, inputWidth: width, inputChannels: channels, task, classes, outputStride } = purpose;
	return {
		size,
		classes: task === "features" ? 0 : classes,
		...(width !== undefined && { width }),
		...(channels !== undefined && { channels }),
		...(task !== undefined && { task }),
		...(outputStride !== undefined && { outputStride }),
	};
}

function specOf(question: Question) {
	const { constraints, candidates, top, seed } = question;
	const { latencyTable, maxLatencyMs, objective, evaluations, temperature } = question;
	const { modelVersion, cellGenerator, skipScoring, timeLimit } = question;
	const { sequenceTemperature, drawsPerSequence, scored, naswot, snipSsnr } = question;
	return {
		constraints: constraintsToMessage(constraints),
		...targetToMessage(targetOf(question)),
		candidates,
		scoredCandidates: scored,
		naswot,
		snipSsnr,
		topK: top,
		seed: BigInt(seed),
		latencyTable,
		maxLatencyMs,
		objective,
		evaluationCount: evaluations,
		temperature,
		sequenceTemperature,
		drawsPerSequence,
		modelVersion,
		cellGenerator,
		skipScoring,
		refinementTimeLimitSeconds: timeLimit,
	};
}

/** One bar for each step, in the order the steps come, each after a remark on how long it is expected to take, where that is known. */
class StepProgress {
	#current: { readonly step: string; readonly total: number; readonly progress: Progress } | undefined;

	constructor(private readonly context: Pick<RunContext, "startProgress" | "remark">) {}

	show({ step, done, total, remainingSeconds }: orchestrator.GenerationProgress): void {
		const name = stepName(step);
		if (this.#current?.step !== name || this.#current.total !== total) {
			this.stop();
			if (remainingSeconds !== undefined)
				this.context.remark(`${name}: ${total - done} networks, about ${duration(remainingSeconds)}`);
			this.#current = { step: name, total, progress: this.context.startProgress({ title: name, total }) };
		}
		this.#current.progress.update(done);
	}

	stop(): void {
		this.#current?.progress.stop();
		this.#current = undefined;
	}
}
