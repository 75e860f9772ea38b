import type { CellSource } from "@archgen/evolution";
import type { CellModels } from "./cell-models.js";

/** Cells of clusters, drawn by flow and decoder around the mean of each cluster. */
export function synonymCells({ gvae, ccnf, mixture }: CellModels, temperature: number): CellSource {
	return {
		sample: async (clusters, random, signal) => {
			const conditions = clusters.map((cluster) => mixture.means[cluster]!);
			const { latents } = await ccnf.sample({ conditions, temperature, random, ...(signal && { signal }) });
			const decoded = await gvae.decode(latents, signal);
			return decoded.map((result) => (result.ok ? result.cell : { reason: result.reason }));
		},
	};
}
