import {
	CELL_TEMPERATURES,
	type CellFailure,
	type CellGenerator,
	type CellTemperatures,
	drawByKind,
} from "@archgen/design";
import { type DecodeResult, type DrawnTensors, predictedVectors, repairCell } from "@archgen/gvae";
import type { Random } from "@archgen/random";
import { type Cell, cellsSpace } from "@archgen/search-space";
import type { VectorModels } from "./cell-models.js";

/** A cell that was drawn, or the reason why there is none. */
export interface DrawnCell {
	readonly cell: Cell | CellFailure;
	/** Whether it was a cell before it was repaired. */
	readonly valid: boolean;
}

/** Cells under standardised zero-cost vectors, one for each. */
export type VectorDraw = (
	vectors: readonly (readonly number[])[],
	options: {
		readonly temperature: number;
		readonly random: Random;
		readonly signal?: AbortSignal | undefined;
	},
) => Promise<readonly DrawnCell[]>;

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
	const cellsOf: (...request: Parameters<VectorDraw>) => Promise<(Cell | CellFailure)[]> = async (
		...request
	) => (await draw(...request)).map(({ cell }) => cell);
	return {
		version: identity,
		sample: (requests, random, { temperatures = own, signal } = {}) =>
			drawByKind(requests, {
				means: (clusters) =>
					cellsOf(
						clusters.map((cluster) => mixture.means[cluster]!),
						{ temperature: temperatures.means, random, signal },
					),
				synonyms: async (references) => {
					const vectors = await predictedVectors(gvae, references, signal);
					const options = { temperature: temperatures.synonyms, random: random.fork("synonyms"), signal };
					return cellsOf(vectors, options);
				},
			}),
	};
}

/** What a repairing decoder gave. */
export function drawnCell(result: DecodeResult): DrawnCell {
	if (!result.ok) return { cell: { reason: result.reason }, valid: false };
	return { cell: result.cell, valid: !result.repaired };
}

/** The cell of drawn tensors, repaired where they are none. */
export function repairedCell(tensors: DrawnTensors): DrawnCell {
	const quantised = (values: Float32Array) => values.map((value) => (value > 0.5 ? 1 : 0));
	const { valid } = cellsSpace.decode({
		nodes: quantised(tensors.nodes),
		adjacency: quantised(tensors.adjacency),
	});
	return { ...drawnCell(repairCell(tensors)), valid };
}
