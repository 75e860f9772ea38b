import type { CellGenerator, CellTemperatures } from "@archgen/design";
import type { CellModels } from "./cell-models.js";
import { cellOrFailure, vectorCells } from "./vector-cells.js";

/** Cells drawn by flow and decoder. */
export function synonymCells(models: CellModels, own?: CellTemperatures): CellGenerator {
	const { gvae, ccnf } = models;
	return vectorCells(
		models,
		async (conditions, { temperature, random, signal }) => {
			const { latents } = await ccnf.sample({ conditions, temperature, random, ...(signal && { signal }) });
			return (await gvae.decode(latents, signal)).map(cellOrFailure);
		},
		own,
	);
}
