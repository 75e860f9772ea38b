import { invalidArgument } from "@archgen/errors";
import type { Cell, Network, Stride } from "@archgen/search-space";
import type { MacroSequence } from "./macro-sequence.js";

/** The task of a network: what its sequence leaves open. */
export interface NetworkTask {
	readonly classes: number;
	/** Height and width of the input in pixels. */
	readonly inputSize: number;
}

/** Inputs larger than this start with a stride of 2 (science.md section 2: 2 at 224 pixels, 1 at 32). */
const LARGEST_UNSTRIDED_INPUT = 64;

/** Stride of the stem for an input size. */
export function stemStride(inputSize: number): Stride {
	return inputSize > LARGEST_UNSTRIDED_INPUT ? 2 : 1;
}

/**
 * The network of a sequence with one cell per stage. The stem has the channels of the first stage (c₁ of science.md
 * section 2).
 *
 * @throws INVALID_ARGUMENT when the number of cells is not the number of stages
 */
export function toNetwork(sequence: MacroSequence, cells: readonly Cell[], task: NetworkTask): Network {
	if (cells.length !== sequence.stages.length) {
		throw invalidArgument(
			"cells",
			`${sequence.stages.length} stages need as many cells, not ${cells.length}`,
		);
	}
	return {
		input: { size: task.inputSize, channels: 3 },
		classes: task.classes,
		stem: { channels: sequence.stages[0]!.channels, stride: stemStride(task.inputSize) },
		stages: sequence.stages.map(({ channels, stride, repeats }, index) => ({
			cell: cells[index]!,
			channels,
			stride,
			repeats,
		})),
		finalChannels: sequence.finalChannels,
	};
}
