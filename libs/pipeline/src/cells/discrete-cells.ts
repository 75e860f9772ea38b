import { type DiscreteMethod, type DiscreteSampler, tensorsOfGraphs } from "@archgen/discrete-diffusion";
import { cellsSpace } from "@archgen/search-space";
import { repairedCell, type VectorDraw } from "./vector-cells.js";

/** How cells are drawn by the denoiser. */
const DISCRETE_CELLS: DiscreteMethod = { steps: 20, guidance: 1 };

/** Cells by discrete diffusion under their vectors, repaired as the flow's are. */
export function discreteCells(sampler: DiscreteSampler, method: DiscreteMethod = DISCRETE_CELLS): VectorDraw {
	return async (vectors, { temperature, random, signal }) => {
		const drawn = await sampler.sample({
			...{ ...method, count: vectors.length, classes: [], vectors, temperature, random, padded: false },
			...(signal && { signal }),
		});
		return tensorsOfGraphs(cellsSpace, drawn).map(repairedCell);
	};
}
