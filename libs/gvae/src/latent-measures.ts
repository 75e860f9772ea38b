import { setImmediate } from "node:timers/promises";
import { zcDistance } from "@archgen/design";
import { throwIfAborted } from "@archgen/errors";
import { pearson } from "@archgen/statistics";

/** Distances between all rows, [rows × rows], symmetric. */
export interface DistanceMatrix {
	readonly rows: number;
	readonly values: Float32Array;
}

/** A labelled cell with its cluster. */
export interface ClusteredCell {
	/** Standardised zero-cost vector. */
	readonly zc: readonly number[];
	/** Component of the mixture that most likely produced it. */
	readonly cluster: number;
}

/** How far a latent space is ordered by zero-cost vectors (Fig. 2 of the paper, in numbers). */
export interface LatentMeasures {
	/** Cells measured. */
	readonly cells: number;
	/** Pearson correlation of latent L1 distance with ZC distance over all their pairs. */
	readonly distanceCorrelation: number;
	/** Mean share of a cell's nearest neighbours in latent space that are of its cluster. */
	readonly neighbourPurity: number;
	/** The same for neighbours drawn at random: what a latent space without order has. */
	readonly chancePurity: number;
	/** Mean silhouette of the clusters in latent space (Rousseeuw 1987), −1 … 1; 0 for the only cell of a cluster. */
	readonly silhouette: number;
}

/** L1 distances between latents, flat [rows × width]. Lets the event loop turn, so that `signal` can fire. */
export async function latentDistances(
	latents: Float32Array,
	width: number,
	signal?: AbortSignal,
): Promise<DistanceMatrix> {
	const rows = latents.length / width;
	const values = new Float32Array(rows * rows);
	for (let i = 0; i < rows; i++) {
		if (i % 32 === 0) await breathe(signal);
		for (let j = 0; j < i; j++) {
			let sum = 0;
			for (let c = 0; c < width; c++) sum += Math.abs(latents[i * width + c]! - latents[j * width + c]!);
			values[i * rows + j] = sum;
			values[j * rows + i] = sum;
		}
	}
	return { rows, values };
}

/** The `count` rows nearest to a row, nearest first, without itself. */
export function nearestRows({ rows, values }: DistanceMatrix, row: number, count: number): number[] {
	const distance = (other: number) => values[row * rows + other]!;
	return Array.from({ length: rows }, (_, other) => other)
		.filter((other) => other !== row)
		.sort((a, b) => distance(a) - distance(b))
		.slice(0, count);
}

/**
 * Measures some of the cells among all of them: neighbours and clusters are those of all cells, pairs are of measured ones.
 *
 * @param cells one for each row of the distances
 * @param measured rows to measure, at least two
 * @param neighbours of each cell, the paper's 10 unless given
 */
export async function measureLatents(
	distances: DistanceMatrix,
	cells: readonly ClusteredCell[],
	measured: readonly number[],
	{ neighbours = 10, signal }: { readonly neighbours?: number; readonly signal?: AbortSignal } = {},
): Promise<LatentMeasures> {
	const sums = { purity: 0, chance: 0, silhouette: 0 };
	const [latent, zc]: [number[], number[]] = [[], []];
	for (const [position, row] of measured.entries()) {
		if (position % 32 === 0) await breathe(signal);
		const same = (other: number) => cells[other]!.cluster === cells[row]!.cluster;
		sums.purity += nearestRows(distances, row, neighbours).filter(same).length / neighbours;
		sums.chance += (cells.filter((_, other) => same(other)).length - 1) / (cells.length - 1);
		sums.silhouette += silhouette(distances, cells, row);
		for (const other of measured.slice(0, position)) {
			latent.push(distances.values[row * distances.rows + other]!);
			zc.push(zcDistance(cells[row]!.zc, cells[other]!.zc));
		}
	}
	const count = measured.length;
	return {
		cells: count,
		distanceCorrelation: pearson(latent, zc),
		neighbourPurity: sums.purity / count,
		chancePurity: sums.chance / count,
		silhouette: sums.silhouette / count,
	};
}

/** (b − a) / max(a, b) with a the mean distance to the own cluster and b that to the nearest other one. */
function silhouette({ rows, values }: DistanceMatrix, cells: readonly ClusteredCell[], row: number): number {
	const totals = new Map<number, { sum: number; count: number }>();
	cells.forEach(({ cluster }, other) => {
		if (other === row) return;
		const total = totals.get(cluster) ?? { sum: 0, count: 0 };
		totals.set(cluster, total);
		total.sum += values[row * rows + other]!;
		total.count++;
	});
	const own = totals.get(cells[row]!.cluster);
	totals.delete(cells[row]!.cluster);
	if (own === undefined || totals.size === 0) return 0;
	const a = own.sum / own.count;
	const b = Math.min(...[...totals.values()].map(({ sum, count }) => sum / count));
	return Math.max(a, b) === 0 ? 0 : (b - a) / Math.max(a, b);
}

async function breathe(signal: AbortSignal | undefined): Promise<void> {
	await setImmediate();
	throwIfAborted(signal);
}
