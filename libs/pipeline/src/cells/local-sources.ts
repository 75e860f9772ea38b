import {
	isBounded,
	type MacroSequence,
	SEQUENCE_TEMPERATURE,
	type SequenceGenerator,
	type SequenceRequest,
} from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { type StageCells, type TaskRunner, withStageCells } from "@archgen/seqgen";

/** The sequence generator of a bundle, in this process; answers as the service does. */
export class LocalSequences implements SequenceGenerator {
	/** @param version the bundle's name and version */
	constructor(
		readonly version: string,
		private readonly runner: TaskRunner,
		private readonly cells: StageCells,
	) {}

	/** Sequences under the constraints; free ones when no network is small enough for them. */
	async sample(request: SequenceRequest, signal?: AbortSignal): Promise<readonly MacroSequence[]> {
		try {
			return await this.#run(request, signal);
		} catch (error) {
			if (!(error instanceof ArchgenError) || error.reason !== "BUDGET_BELOW_SMALLEST_NETWORK") throw error;
			return this.free(request, signal);
		}
	}

	/** Sequences that are only asked to be near the condition. */
	free(request: SequenceRequest, signal?: AbortSignal): Promise<readonly MacroSequence[]> {
		return this.#run({ ...request, constraints: {} }, signal);
	}

	async #run(
		request: SequenceRequest,
		signal = new AbortController().signal,
	): Promise<readonly MacroSequence[]> {
		const temperature = request.count === 1 ? 0 : (request.temperature ?? SEQUENCE_TEMPERATURE);
		const task = { ...request, temperature, seed: BigInt(request.seed) };
		const sequences = await this.runner.run(task, signal);
		return sequences.map((sequence) => withStageCells(sequence, this.cells, isBounded(request.constraints)));
	}
}
