import { DEFAULT_SAMPLER, type Sampler, type ScoreSampler, tensorsOfState } from "@archgen/score-diffusion";
import { cellsSpace } from "@archgen/search-space";
import { repairedCell, type VectorDraw } from "./vector-cells.js";

/** How cells are drawn by the score. */
export interface ScoreMethod {
	readonly sampler: Sampler;
	/** W of classifier-free guidance. */
	readonly guidance: number;
}

const SCORE_CELLS: ScoreMethod = { sampler: DEFAULT_SAMPLER, guidance: 1 };

/** Cells by score-based diffusion under their vectors, repaired as the flow's are; a state of 0 is a weight of ½. */
export function scoreCells(
	scores: ScoreSampler,
	{ sampler, guidance }: ScoreMethod = SCORE_CELLS,
): VectorDraw {
	return async (vectors, { temperature, random, signal }) => {
		const count = vectors.length;
		const states = await scores.sample({
			...{ count, sampler, guidance, vectors, temperature, random, padded: false },
			...(signal && { signal }),
		});
		const weights = states.map((value) => (value + 1) / 2);
		const width = weights.length / count;
		return vectors.map((_, row) =>
			repairedCell(tensorsOfState(cellsSpace.tensorShape, weights.subarray(row * width, (row + 1) * width))),
		);
	};
}
