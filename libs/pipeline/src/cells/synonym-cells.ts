import type { CellGenerator, CellTemperatures } from "@archgen/design";
import type { CellModels } from "./cell-models.js";
import { drawnCell, type VectorDraw, vectorCells } from "./vector-cells.js";

/** Cells drawn by flow and decoder. */
export function synonymCells(models: CellModels, own?: CellTemperatures): CellGenerator {
	return vectorCells(models, flowCells(models), own);
}

/** The flow under vectors, decoded. */
export function flowCells({ gvae, ccnf }: Pick<CellModels, "gvae" | "ccnf">): VectorDraw {
	return async (conditions, { temperature, random, signal }) => {
		const { latents } = await ccnf.sample({ conditions, temperature, random, ...(signal && { signal }) });
		return (await gvae.decode(latents, signal)).map(drawnCell);
	};
}
