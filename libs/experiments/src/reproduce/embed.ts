import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "@archgen/errors";
import { type DistanceMatrix, nearestRows } from "@archgen/gvae";
import type { Random } from "@archgen/random";
import { UMAP } from "umap-js";

/** Neighbours that UMAP keeps together, its usual 15. */
const NEIGHBOURS = 15;

/**
 * Rows on a plane by UMAP (McInnes, Healy and Melville 2018) from their exact nearest neighbours. The same distances and random stream
 * give the same plane.
 *
 * @returns [rows, 2]
 */
export async function embed(
	distances: DistanceMatrix,
	random: Random,
	signal: AbortSignal,
): Promise<(readonly [number, number])[]> {
	const { rows, values } = distances;
	const count = Math.min(NEIGHBOURS, rows - 1);
	const umap = new UMAP({ nNeighbors: count, random: () => random.uniform() });
	const nearest = Array.from({ length: rows }, (_, row) => [row, ...nearestRows(distances, row, count - 1)]);
	umap.setPrecomputedKNN(
		nearest,
		nearest.map((others, row) => others.map((other) => values[row * rows + other]!)),
	);
	// Its rows are not looked at where neighbours are given.
	const epochs = umap.initializeFit(nearest.map(() => [0]));
	for (let epoch = 0; epoch < epochs; epoch++) {
		if (epoch % 10 === 0) {
			await setImmediate();
			throwIfAborted(signal);
		}
		umap.step();
	}
	return umap.getEmbedding().map(([x, y]) => [x!, y!]);
}
