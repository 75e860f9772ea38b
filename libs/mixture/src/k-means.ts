import type { Random } from "@archgen/random";
import { breathe } from "./event-loop.js";
import type { SampleBlock } from "./samples.js";

/** Centres [K × d] and the index of the nearest one for each sample, [n]. */
export interface Clustering {
	readonly centres: Float64Array;
	readonly labels: Int32Array;
}

/**
 * k-means: centres drawn by k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's iterations until no label changes. A
 * start for EM needs no more than a few; a cluster that loses all its samples keeps its centre.
 */
export async function kMeans(
	samples: SampleBlock,
	components: number,
	options: {
		readonly random: Random;
		readonly iterations: number;
		readonly signal?: AbortSignal | undefined;
	},
): Promise<Clustering> {
	const centres = plusPlusCentres(samples, components, options.random);
	const labels = new Int32Array(samples.count).fill(-1);
	for (let i = 0; i < options.iterations; i++) {
		await breathe(options.signal);
		if (!relabel(samples, centres, labels)) break;
		recentre(samples, labels, centres);
	}
	return { centres, labels };
}

/** Each further centre is a sample drawn with probability proportional to its squared distance from the nearest centre. */
function plusPlusCentres(
	{ data, count, dimension }: SampleBlock,
	components: number,
	random: Random,
): Float64Array {
	const centres = new Float64Array(components * dimension);
	const distances = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
	let chosen = random.integer(count);
	for (let k = 0; k < components; k++) {
		const centre = data.subarray(chosen * dimension, (chosen + 1) * dimension);
		centres.set(centre, k * dimension);
		let total = 0;
		for (let n = 0; n < count; n++) {
			const distance = squaredDistance(data, n * dimension, centre, 0, dimension);
			if (distance < distances[n]!) distances[n] = distance;
			total += distances[n]!;
		}
		// With fewer distinct samples than components every distance is 0, and any sample is as good.
		chosen = total > 0 ? drawProportional(distances, random.uniform() * total) : random.integer(count);
	}
	return centres;
}

function drawProportional(masses: Float64Array, target: number): number {
	let sum = 0;
	let last = 0;
	for (let n = 0; n < masses.length; n++) {
		if (masses[n] === 0) continue;
		sum += masses[n]!;
		last = n;
		if (sum > target) break;
	}
	return last;
}

/** Gives each sample its nearest centre; says whether any label changed. */
function relabel(
	{ data, count, dimension }: SampleBlock,
	centres: Float64Array,
	labels: Int32Array,
): boolean {
	const components = centres.length / dimension;
	let changed = false;
	for (let n = 0; n < count; n++) {
		let nearest = 0;
		let smallest = Number.POSITIVE_INFINITY;
		for (let k = 0; k < components; k++) {
			const distance = squaredDistance(data, n * dimension, centres, k * dimension, dimension);
			if (distance < smallest) {
				smallest = distance;
				nearest = k;
			}
		}
		if (labels[n] !== nearest) {
			labels[n] = nearest;
			changed = true;
		}
	}
	return changed;
}

/** Moves each centre to the mean of its samples. */
function recentre({ data, count, dimension }: SampleBlock, labels: Int32Array, centres: Float64Array): void {
	const components = centres.length / dimension;
	const sizes = new Float64Array(components);
	const sums = new Float64Array(centres.length);
	for (let n = 0; n < count; n++) {
		const k = labels[n]!;
		sizes[k] = sizes[k]! + 1;
		for (let i = 0; i < dimension; i++)
			sums[k * dimension + i] = sums[k * dimension + i]! + data[n * dimension + i]!;
	}
	for (let j = 0; j < sums.length; j++) {
		const size = sizes[Math.floor(j / dimension)]!;
		if (size > 0) centres[j] = sums[j]! / size;
	}
}

function squaredDistance(
	a: Float64Array,
	atA: number,
	b: Float64Array,
	atB: number,
	dimension: number,
): number {
	let sum = 0;
	for (let i = 0; i < dimension; i++) {
		const difference = a[atA + i]! - b[atB + i]!;
		sum += difference * difference;
	}
	return sum;
}
