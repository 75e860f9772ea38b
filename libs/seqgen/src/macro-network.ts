import { invalidArgument } from "@archgen/errors";
import { type Cell, macroNetwork, type Network } from "@archgen/search-space";
import type { MacroSequence } from "./macro-sequence.js";

/** The task of a network: what its sequence leaves open. */
export interface NetworkTask {
	readonly classes: number;
	/** Height and width of the input in pixels. */
	readonly inputSize: number;
}

/**
 * The network of a sequence with one cell per stage.
 *
 * @throws INVALID_ARGUMENT when the number of cells is not the number of stages
 */
export function toNetwork(sequence: MacroSequence, cells: readonly Cell[], task: NetworkTask): Network {
	if (cells.length !== sequence.stages.length)
		throw invalidArgument(
			"cells",
			`${sequence.stages.length} stages need as many cells, not ${cells.length}`,
		);
	const stages = sequence.stages.map((stage, index) => ({ ...stage, cell: cells[index]! }));
	return macroNetwork(stages, sequence.finalChannels, { size: task.inputSize, classes: task.classes });
}
