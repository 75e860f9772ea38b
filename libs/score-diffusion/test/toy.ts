import type { Random } from "@archgen/random";
import { type StateShape, stateSize, toState } from "../src/state-shape.js";

/** Three nodes in a chain, three operations each: 27 architectures. */
export const TOY: StateShape = { nodes: 3, operations: 3, successors: [[1], [2], []] };

/** All architectures of the toy space as operations of their nodes. */
export const TOY_ARCHITECTURES: readonly (readonly number[])[] = Array.from({ length: 27 }, (_, i) => [
	Math.floor(i / 9),
	Math.floor(i / 3) % 3,
	i % 3,
]);

/** States of architectures, flat. */
export function statesOf(architectures: readonly (readonly number[])[]): Float32Array {
	const oneHot = new Float32Array(architectures.length * stateSize(TOY));
	architectures.forEach((operations, row) => {
		operations.forEach((operation, node) => {
			oneHot[row * stateSize(TOY) + node * TOY.operations + operation] = 1;
		});
	});
	return toState(oneHot);
}

/** Operations of each row of ±1 states, undefined where a node has none or several. */
export function operationsOf(quantized: Float32Array): (number[] | undefined)[] {
	const width = stateSize(TOY);
	return Array.from({ length: quantized.length / width }, (_, row) => {
		const nodes = Array.from({ length: TOY.nodes }, (_, node) => {
			const start = row * width + node * TOY.operations;
			const chosen = [...quantized.subarray(start, start + TOY.operations)];
			return chosen.filter((value) => value === 1).length === 1 ? chosen.indexOf(1) : -1;
		});
		return nodes.includes(-1) ? undefined : nodes;
	});
}

/** A mixture of Gaussians of equal deviation in every direction. */
export interface Mixture {
	readonly weights: readonly number[];
	readonly means: readonly (readonly number[])[];
	/** Deviation of every component. */
	readonly std: number;
}

/** The score of the mixture after noise of σ: components keep their means, and their variance grows by σ². */
export function mixtureScore({ weights, means, std }: Mixture, x: Float32Array, sigma: number): Float32Array {
	const width = means[0]!.length;
	const variance = std ** 2 + sigma ** 2;
	const score = new Float32Array(x.length);
	for (let row = 0; row < x.length; row += width) {
		const logs = means.map(
			(mean, j) =>
				Math.log(weights[j]!) - mean.reduce((sum, m, k) => sum + (x[row + k]! - m) ** 2, 0) / (2 * variance),
		);
		const largest = Math.max(...logs);
		const parts = logs.map((log) => Math.exp(log - largest));
		const total = parts.reduce((a, b) => a + b, 0);
		for (let k = 0; k < width; k++) {
			const centre = means.reduce((sum, mean, j) => sum + (parts[j]! / total) * mean[k]!, 0);
			score[row + k] = (centre - x[row + k]!) / variance;
		}
	}
	return score;
}

/** Draws of the mixture, flat. */
export function drawMixture({ weights, means, std }: Mixture, rows: number, random: Random): Float32Array {
	const width = means[0]!.length;
	const drawn = new Float32Array(rows * width);
	for (let row = 0; row < rows; row++) {
		const place = random.uniform();
		const component = weights.findIndex((_, j) => place < weights.slice(0, j + 1).reduce((a, b) => a + b, 0));
		means[component]!.forEach((mean, k) => {
			drawn[row * width + k] = mean + std * random.normal();
		});
	}
	return drawn;
}
