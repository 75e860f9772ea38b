import {
	CELL_TEMPERATURES,
	type CellFailure,
	type CellGenerator,
	type CellTemperatures,
	drawByKind,
} from "@archgen/design";
import { type DecodeResult, predictedVectors } from "@archgen/gvae";
import type { Random } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import type { VectorModels } from "./cell-models.js";

/** Cells under standardised zero-cost vectors, one for each. */
export type VectorDraw = (
	vectors: readonly (readonly number[])[],
	options: {
		readonly temperature: number;
		readonly random: Random;
		readonly signal?: AbortSignal | undefined;
	},
) => Promise<readonly (Cell | CellFailure)[]>;

/**
 * A cell generator that is asked for zero-cost vectors: the mean of a cluster, or for a synonym of a cell the predictor's word of it, q(f).
 *
 * @param own scales of the noise unless a draw names others
 */
export function vectorCells(
	{ gvae, mixture, identity }: VectorModels,
	draw: VectorDraw,
	own: CellTemperatures = CELL_TEMPERATURES,
): CellGenerator {
	return {
		version: identity,
		sample: (requests, random, { temperatures = own, signal } = {}) =>
			drawByKind(requests, {
				means: (clusters) =>
					draw(
						clusters.map((cluster) => mixture.means[cluster]!),
						{ temperature: temperatures.means, random, signal },
					),
				synonyms: async (references) => {
					const vectors = await predictedVectors(gvae, references, signal);
					const options = { temperature: temperatures.synonyms, random: random.fork("synonyms"), signal };
					return draw(vectors, options);
				},
			}),
	};
}

/** The cell of a decoder's result, or its failure. */
export function cellOrFailure(result: DecodeResult): Cell | CellFailure {
	return result.ok ? result.cell : { reason: result.reason };
}
