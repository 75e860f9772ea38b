import { cellCount, roundChannels } from "@archgen/design";
import type { Random } from "@archgen/random";
import { NETWORK_LIMITS, type Stride, type Target, targetStemStride } from "@archgen/search-space";
import type { DraftDesign, MacroDesign } from "./design.js";

const START_CHANNELS = [8, 16, 32, 64] as const;
const START_FINAL_CHANNELS = 128;
/** Side of the last feature map below which the start does not stride. */
const SMALLEST_MAP = 4;

/** Multiples of the starting widths, and repeats, in the order they are tried: first as given, then smaller, then larger. */
const SHRINKING = [1, 0.75, 0.5, 0.375, 0.25, 0.125].map((width) => ({ width, repeats: 1 }));
const GROWING = [1.5, 2, 3, 4, 6, 8, 12, 16].flatMap((width) =>
	[1, 2, 4].map((repeats) => ({ width, repeats })),
);

/**
 * Strides of the starting stages: as many halvings as leave a map of at least 4 pixels, at the last stages. At 32 pixels
 * (stem stride 1) that is 1/2/2/2 down to 4×4, at 224 (stem stride 2) 2/2/2/2 down to 7×7.
 */
export function startStrides(target: Target): Stride[] {
	const { size, width = size } = target;
	const side = Math.ceil(Math.min(size, width) / targetStemStride(target));
	const stages = START_CHANNELS.length;
	const halvings = Math.min(stages, Math.max(0, Math.floor(Math.log2(side / SMALLEST_MAP))));
	return START_CHANNELS.map((_, i) => (i < stages - halvings ? 1 : 2));
}

/** α₀: four stages of one cluster (drawn unless given), channels 8/16/32/64, one cell each, final width 128. */
export function startDraft(target: Target, clusters: number, random: Random, cluster?: number): DraftDesign {
	const strides = startStrides(target);
	const family = cluster ?? random.integer(clusters);
	return {
		stages: START_CHANNELS.map((channels, i) => ({
			cluster: family,
			channels,
			stride: strides[i]!,
			repeats: 1,
			cell: null,
		})),
		finalChannels: START_FINAL_CHANNELS,
	};
}

/**
 * The start and its smaller and larger versions, in the order in which they are tried against the constraints; the
 * smallest has width 8 throughout and stride 2 everywhere.
 */
export function* startVariants(design: MacroDesign): Generator<MacroDesign> {
	for (const scale of SHRINKING) yield scaled(design, scale);
	const smallest = scaled(design, { width: 0, repeats: 1 });
	yield { ...smallest, stages: smallest.stages.map((stage) => ({ ...stage, stride: 2 })) };
	for (const scale of GROWING) {
		const variant = scaled(design, scale);
		if (cellCount(variant.stages) <= NETWORK_LIMITS.cells.maximum) yield variant;
	}
}

function scaled(design: MacroDesign, { width, repeats }: { width: number; repeats: number }): MacroDesign {
	return {
		stages: design.stages.map((stage) => ({
			...stage,
			channels: roundChannels(stage.channels * width),
			repeats: stage.repeats * repeats,
		})),
		finalChannels: roundChannels(design.finalChannels * width),
	};
}
