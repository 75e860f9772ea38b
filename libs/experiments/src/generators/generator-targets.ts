import { zcDistance } from "@archgen/design";
import { predictedVectors } from "@archgen/gvae";
import { drawCells, type VectorModels } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { type Cell, cellFromNasBench201 } from "@archgen/search-space";
import { BEST_NATS_CELL } from "../reproduce/targets.js";

/** A vector that cells are asked for. */
export interface GeneratorTarget {
	readonly kind: "reference" | "cluster mean";
	/** Standardised. */
	readonly vector: readonly number[];
	/** The reference, or the cell nearest to the mean among some random ones; its mutations are the neighbourhood. */
	readonly cell: Cell;
}

/** Random cells among which those near to cluster means are looked for. */
const NEAR = 2000;

/**
 * The best NATS-Bench cell and `references` random cells, each with the predictor's word of it, and the means of all clusters.
 *
 * @param seed of the random cells
 */
export async function generatorTargets(
	{ gvae, mixture }: VectorModels,
	references: number,
	seed: number,
	signal?: AbortSignal,
): Promise<readonly GeneratorTarget[]> {
	const random = createRandom(seed);
	const drawn = (stream: string, count: number) =>
		[...drawCells(random.fork(stream), count)].map(({ cell }) => cell);
	const cells = [cellFromNasBench201(BEST_NATS_CELL), ...drawn("references", references)];
	const vectors = await predictedVectors(gvae, cells, signal);
	const near = drawn("near", NEAR);
	const nearVectors = await predictedVectors(gvae, near, signal);
	const nearest = (mean: readonly number[]) =>
		nearVectors.reduce(
			(best, vector, i) => (zcDistance(vector, mean) < zcDistance(nearVectors[best]!, mean) ? i : best),
			0,
		);
	return [
		...cells.map((cell, i) => ({ kind: "reference" as const, vector: vectors[i]!, cell })),
		...mixture.means.map((mean) => ({
			kind: "cluster mean" as const,
			vector: mean,
			cell: near[nearest(mean)]!,
		})),
	];
}
