import { type DiscreteMethod, type DiscreteSampler, tensorsOfGraphs } from "@archgen/discrete-diffusion";
import { repairCell } from "@archgen/gvae";
import { type ArchitectureTensors, cellsSpace } from "@archgen/search-space";
import { cellOrFailure, type VectorDraw } from "./vector-cells.js";

/** How cells are drawn by the denoiser. */
export const DISCRETE_CELLS: DiscreteMethod = { steps: 20, guidance: 1 };

/** Cells by discrete diffusion under their vectors, repaired as the flow's are. */
export function discreteCells(sampler: DiscreteSampler, method: DiscreteMethod = DISCRETE_CELLS): VectorDraw {
	const draw = discreteTensors(sampler, method);
	return async (vectors, options) =>
		(await draw(vectors, options)).map((tensors) => cellOrFailure(repairCell(tensors)));
}

/** The same before they are repaired. */
export function discreteTensors(
	sampler: DiscreteSampler,
	method: DiscreteMethod,
): (...request: Parameters<VectorDraw>) => Promise<readonly ArchitectureTensors[]> {
	return async (vectors, { temperature, random, signal }) => {
		const drawn = await sampler.sample({
			...{ ...method, count: vectors.length, classes: [], vectors, temperature, random, padded: false },
			...(signal && { signal }),
		});
		return tensorsOfGraphs(cellsSpace, drawn);
	};
}
