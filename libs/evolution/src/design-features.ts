import { KERNELS, OPERATION_TYPES } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import type { MacroDesign } from "./design.js";

/** Halvings of the image that are told apart; further ones count as the last. */
const LEVELS = 6;

/**
 * A design in numbers of which a surrogate can be smooth: layers of each type and kernel, edges, and at each resolution the layers and the logarithm of the
 * width; logarithms of the final width; numbers of stages and cells. A layer counts as often as its cell is repeated.
 */
export function designFeatures({ stages, finalChannels }: MacroDesign): number[] {
	const types = new Map<string, number>(OPERATION_TYPES.map((type) => [type, 0]));
	const kernels = new Map<number, number>(KERNELS.map((kernel) => [kernel, 0]));
	const layers = new Array<number>(LEVELS).fill(0);
	const widths = new Array<number>(LEVELS).fill(0);
	let [level, edges, cells] = [0, 0, 0];
	for (const { cell, channels, stride, repeats } of stages) {
		if (stride === 2) level = Math.min(level + 1, LEVELS - 1);
		for (const { type, kernel } of cell.operations) {
			types.set(type, types.get(type)! + repeats);
			kernels.set(kernel, kernels.get(kernel)! + repeats);
		}
		layers[level]! += repeats * cell.operations.length;
		widths[level] = Math.log2(channels);
		edges += repeats * cell.edges.length;
		cells += repeats;
	}
	const sizes = [edges, cells, stages.length, Math.log2(finalChannels)];
	return [...types.values(), ...kernels.values(), ...layers, ...widths, ...sizes];
}

/** Mean squared distance of independent draws that the grid of a Gaussian process' decays is made for. */
const SPREAD = 10;

/**
 * Squared Euclidean distance of features, each divided by its standard deviation among some, so that two of them are {@link SPREAD} apart on average.
 */
export function featureDistance(features: readonly (readonly number[])[]) {
	const width = features[0]?.length ?? 0;
	const weights = Array.from({ length: width }, (_, k) => {
		const column = features.map((row) => row[k]!);
		const centre = mean(column);
		const variance = mean(column.map((value) => (value - centre) ** 2));
		return variance > 0 ? SPREAD / (2 * width * variance) : 0;
	});
	return (a: readonly number[], b: readonly number[]) =>
		weights.reduce((sum, weight, k) => sum + weight * (a[k]! - b[k]!) ** 2, 0);
}
