import type { MacroSequence, SequenceGenerator, SequenceRequest } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { Cell } from "@archgen/search-space";
import type { TaskRunner } from "@archgen/seqgen";

/** The sequence generator of a bundle, in this process; answers as the service does. */
export class LocalSequences implements SequenceGenerator {
	/**
	 * @param version the bundle's name and version
	 * @param cells the cheapest known cell of each cluster
	 */
	constructor(
		readonly version: string,
		private readonly runner: TaskRunner,
		private readonly cells: readonly (Cell | null)[],
	) {}

	/** Sequences under the constraints; free ones when no network is small enough for them. */
	async sample(request: SequenceRequest, signal?: AbortSignal): Promise<readonly MacroSequence[]> {
		try {
			return (await this.#run(request, signal)).map((sequence) => this.#withBudgetCells(sequence));
		} catch (error) {
			if (!(error instanceof ArchgenError) || error.reason !== "BUDGET_BELOW_SMALLEST_NETWORK") throw error;
			return this.free(request, signal);
		}
	}

	/** Sequences that are only asked to be near the condition. */
	free(request: SequenceRequest, signal?: AbortSignal): Promise<readonly MacroSequence[]> {
		return this.#run({ ...request, constraints: {} }, signal);
	}

	#run(request: SequenceRequest, signal = new AbortController().signal): Promise<readonly MacroSequence[]> {
		const temperature = request.count === 1 ? 0 : 1;
		return this.runner.run({ ...request, temperature, seed: BigInt(request.seed) }, signal);
	}

	#withBudgetCells({ stages, finalChannels }: MacroSequence): MacroSequence {
		return {
			stages: stages.map((stage) => ({ ...stage, budgetCell: this.cells[stage.cluster]! })),
			finalChannels,
		};
	}
}
