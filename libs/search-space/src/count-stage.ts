import { type Counts, countLayers, sumCounts } from "./counting.js";
import { layerDepth } from "./depth.js";
import { type LayerGraph, stridedMap, type Value } from "./layer.js";
import { lowerCell } from "./lower-cell.js";
import { imageOf, type Target, targetStemStride } from "./macro-network.js";
import type { Stage } from "./network.js";

/** The map that a stage reads. */
export type StageInput = Value;

/** Counts of a part of a network, whose depth adds to that of the others. */
export interface PartCounts extends Counts {
	/** See `layerDepth`. */
	readonly depth: number;
}

/** Exact counts of all repeats of a stage at its place in a network. */
export function countStage({ cell, channels, stride, repeats }: Stage, input: StageInput): PartCounts {
	const first = countPart(lowerCell(cell, { input, channels, stride }));
	if (repeats === 1) return first;
	const inner = afterStage({ channels, stride }, input);
	const again = countPart(lowerCell(cell, { input: inner, channels, stride: 1 }));
	return {
		...sumCounts([first, ...Array.from({ length: repeats - 1 }, () => again)]),
		depth: first.depth + (repeats - 1) * again.depth,
	};
}

function countPart(graph: LayerGraph): PartCounts {
	return { ...countLayers(graph), depth: layerDepth(graph) };
}

/** What the first stage of a `macroNetwork` reads: the stem has its channels. */
export function afterStem(channels: number, target: Target): StageInput {
	return stridedMap(imageOf(target), channels, targetStemStride(target));
}

/** The map that the section behind a stage reads. */
export function afterStage(
	{ channels, stride }: Pick<Stage, "channels" | "stride">,
	input: StageInput,
): StageInput {
	return stridedMap(input, channels, stride);
}
