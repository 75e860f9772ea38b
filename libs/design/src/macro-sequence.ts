import { invalidArgument } from "@archgen/errors";
import { type Cell, macroNetwork, NETWORK_LIMITS, type Network, type Target } from "@archgen/search-space";
import type { CellRequest } from "./cell-generator.js";

/** One stage as the generator writes it: which cells it wants, and how the cell is used. */
export interface MacroStage {
	/** Cluster of the mixture, 0 … clusters − 1. */
	readonly cluster: number;
	/** The cell whose synonyms are wanted; any cell of the cluster unless given. */
	readonly exemplar?: Cell;
	/** Output channels, a multiple of 8 from 8 to 1024. */
	readonly channels: number;
	/** Stride of the first repeat. */
	readonly stride: 1 | 2;
	/** Cells in a row, 1 … 4, that share one graph. */
	readonly repeats: number;
	/**
	 * The cell that a stage without an exemplar was counted with when the sequence was kept inside upper bounds: with these cells, or the
	 * exemplars, in all stages the bounds hold.
	 */
	readonly budgetCell?: Cell;
}

/** The cell that a stage wants: a synonym of its exemplar, or one of its cluster. */
export function cellRequestOf({ cluster, exemplar }: MacroStage): CellRequest {
	return { cluster, ...(exemplar && { reference: exemplar }) };
}

/** A network without its cells: what the sequence generator produces and is trained on. */
export interface MacroSequence {
	readonly stages: readonly MacroStage[];
	/** Channels of the 1×1 convolution before the classifier, a multiple of 8 from 8 to 1024. */
	readonly finalChannels: number;
}

/** Limits of a macro network, as the search space has them; the vocabulary covers exactly these. */
export const MACRO_LIMITS = {
	channelStep: NETWORK_LIMITS.channels.multipleOf,
	maxChannels: NETWORK_LIMITS.channels.maximum,
	maxRepeats: NETWORK_LIMITS.repeats.maximum,
	/** Cells of the whole network, the sum of all repeats. */
	maxCells: NETWORK_LIMITS.cells.maximum,
} as const;

function areChannels(value: number): boolean {
	const { channelStep, maxChannels } = MACRO_LIMITS;
	return value >= channelStep && value <= maxChannels && value % channelStep === 0;
}

function assertStage(stage: MacroStage, index: number, clusters: number): void {
	const at = `stages[${index}]`;
	if (!Number.isInteger(stage.cluster) || stage.cluster < 0 || stage.cluster >= clusters) {
		throw invalidArgument(`${at}.cluster`, `must be an integer from 0 to ${clusters - 1}`);
	}
	if (!areChannels(stage.channels)) {
		throw invalidArgument(`${at}.channels`, "must be a multiple of 8 from 8 to 1024");
	}
	if (stage.stride !== 1 && stage.stride !== 2) throw invalidArgument(`${at}.stride`, "must be 1 or 2");
	if (!Number.isInteger(stage.repeats) || stage.repeats < 1 || stage.repeats > MACRO_LIMITS.maxRepeats) {
		throw invalidArgument(`${at}.repeats`, "must be an integer from 1 to 4");
	}
}

/**
 * Checks that a sequence can be written with the vocabulary and has at most 20 cells.
 *
 * @throws INVALID_ARGUMENT that names the offending field
 */
export function assertMacroSequence(
	sequence: MacroSequence,
	limits: { readonly clusters: number; readonly maxStages: number },
): void {
	const { stages, finalChannels } = sequence;
	if (stages.length < 1 || stages.length > limits.maxStages) {
		throw invalidArgument("stages", `must hold 1 to ${limits.maxStages} stages`);
	}
	stages.forEach((stage, index) => {
		assertStage(stage, index, limits.clusters);
	});
	const cells = stages.reduce((sum, stage) => sum + stage.repeats, 0);
	if (cells > MACRO_LIMITS.maxCells) throw invalidArgument("stages", `hold ${cells} cells, at most 20 fit`);
	if (!areChannels(finalChannels)) {
		throw invalidArgument("finalChannels", "must be a multiple of 8 from 8 to 1024");
	}
}

/**
 * The network of a sequence with one cell for each stage.
 *
 * @throws INVALID_ARGUMENT when the number of cells is not the number of stages
 */
export function networkOf(
	{ stages, finalChannels }: MacroSequence,
	cells: readonly Cell[],
	target: Target,
): Network {
	if (cells.length !== stages.length)
		throw invalidArgument("cells", `${stages.length} stages need as many cells, not ${cells.length}`);
	const filled = stages.map((stage, i) => ({ ...stage, cell: cells[i]! }));
	return macroNetwork(filled, finalChannels, target);
}
