import type { Random } from "@archgen/random";
import { kMeans } from "./k-means.js";
import { packSamples, type Samples } from "./samples.js";

/** Lloyd's iterations, of which the labels rarely need more. */
const ITERATIONS = 30;

/**
 * Samples that stand for all: the one nearest to each centre of k-means, as distinct indices, rising. Fewer than wanted where centres share
 * their nearest sample.
 */
export async function prototypes(
	samples: Samples,
	count: number,
	options: { readonly random: Random; readonly signal?: AbortSignal | undefined },
): Promise<number[]> {
	const block = packSamples(samples);
	const { centres } = await kMeans(block, Math.min(count, block.count), {
		...options,
		iterations: ITERATIONS,
	});
	const rows = rowsOf(block.data, block.dimension);
	const chosen = new Set(rowsOf(centres, block.dimension).map((centre) => nearest(rows, centre)));
	return [...chosen].sort((a, b) => a - b);
}

function rowsOf(data: Float64Array, dimension: number): Float64Array[] {
	return Array.from({ length: data.length / dimension }, (_, i) =>
		data.subarray(i * dimension, (i + 1) * dimension),
	);
}

/** Index of the point nearest to another, the first of several. */
export function nearest(points: readonly ArrayLike<number>[], to: ArrayLike<number>): number {
	let best = 0;
	let least = Number.POSITIVE_INFINITY;
	points.forEach((point, index) => {
		let distance = 0;
		for (let i = 0; i < to.length; i++) distance += (point[i]! - to[i]!) ** 2;
		if (distance < least) [least, best] = [distance, index];
	});
	return best;
}
