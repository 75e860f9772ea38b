import { CELL_TEMPERATURES, type CellGenerator, type CellTemperatures, drawByKind } from "@archgen/design";
import { predictedVectors } from "@archgen/gvae";
import type { Random } from "@archgen/random";
import type { CellModels } from "./cell-models.js";

/**
 * Cells drawn by flow and decoder: around the mean of a cluster, or around what the predictor says of a reference cell, q(f), for a
 * synonym of it.
 */
export function synonymCells(
	{ gvae, ccnf, mixture, identity }: CellModels,
	own: CellTemperatures = CELL_TEMPERATURES,
): CellGenerator {
	async function draw(
		conditions: readonly (readonly number[])[],
		temperature: number,
		random: Random,
		signal?: AbortSignal,
	) {
		const { latents } = await ccnf.sample({ conditions, temperature, random, ...(signal && { signal }) });
		const decoded = await gvae.decode(latents, signal);
		return decoded.map((result) => (result.ok ? result.cell : { reason: result.reason }));
	}
	return {
		version: identity,
		sample: (requests, random, { temperatures = own, signal } = {}) =>
			drawByKind(requests, {
				means: (clusters) =>
					draw(
						clusters.map((cluster) => mixture.means[cluster]!),
						temperatures.means,
						random,
						signal,
					),
				synonyms: async (references) => {
					const vectors = await predictedVectors(gvae, references, signal);
					return draw(vectors, temperatures.synonyms, random.fork("synonyms"), signal);
				},
			}),
	};
}
