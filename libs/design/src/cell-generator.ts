import type { Random } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";

/** A cell that could not be made, as a named result. */
export interface CellFailure {
	/** Stable cause, e.g. `NO_OPERATION`. */
	readonly reason: string;
}

/** A cell that is wanted: one of a cluster, or a synonym of `reference`, which is of that cluster. */
export interface CellRequest {
	readonly cluster: number;
	readonly reference?: Cell;
}

/** Options of one draw of cells. */
export interface CellDrawOptions {
	/** Scales of the noise. Default: those that the generator was made with. */
	readonly temperatures?: CellTemperatures;
	readonly signal?: AbortSignal | undefined;
}

/** Generator of cells, GenCell of Algorithm 1. */
export interface CellGenerator {
	/** Model version, echoed in results. */
	readonly version: string;
	/**
	 * One cell, or the reason why there is none, for each request in order.
	 *
	 * @param random the only source of chance: equal streams give equal cells
	 */
	sample(
		requests: readonly CellRequest[],
		random: Random,
		options?: CellDrawOptions,
	): Promise<readonly (Cell | CellFailure)[]>;
}

/** Scales of the noise that cells are drawn with. */
export interface CellTemperatures {
	/** Around cluster means; the paper: 0.4. */
	readonly means: number;
	/** Around the vector of a reference cell; the authors' search: 1.0. */
	readonly synonyms: number;
}

/** The published scales of a search. */
export const CELL_TEMPERATURES: CellTemperatures = { means: 0.4, synonyms: 1 };

/** True for a draw that is no cell. */
export function isCellFailure(draw: Cell | CellFailure): draw is CellFailure {
	return "reason" in draw;
}

/**
 * Answers requests by two draws, one for cells of clusters and one for synonyms of cells; the answers come in the order of the requests.
 */
export async function drawByKind<T>(
	requests: readonly CellRequest[],
	draw: {
		readonly means: (clusters: readonly number[]) => Promise<readonly T[]>;
		readonly synonyms: (references: readonly Cell[]) => Promise<readonly T[]>;
	},
): Promise<readonly T[]> {
	const references = requests.flatMap(({ reference }) => (reference ? [reference] : []));
	const clusters = requests.flatMap(({ cluster, reference }) => (reference ? [] : [cluster]));
	const means = clusters.length === 0 ? [] : [...(await draw.means(clusters))];
	const synonyms = references.length === 0 ? [] : [...(await draw.synonyms(references))];
	return requests.map(({ reference }) => (reference ? synonyms : means).shift()!);
}

/** Clusters that random cells pretend to come from: the K of the paper. */
export const RANDOM_CLUSTERS = 32;

/** Random cells whatever is asked for: the baseline without a generator. */
export const RANDOM_CELLS: CellGenerator = {
	version: "random",
	sample: async (requests, random) => requests.map(() => randomCell(random)),
};
