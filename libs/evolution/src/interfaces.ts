import type { Random } from "@archgen/random";
import { type Cell, type Network, randomCell } from "@archgen/search-space";

/** A cell that could not be made, as a named result. */
export interface CellFailure {
	/** Stable cause, e.g. `NO_OPERATION`. */
	readonly reason: string;
}

/** Where the cells of clusters come from: GenCell of Algorithm 1. */
export interface CellSource {
	/**
	 * One cell for each cluster, in order.
	 * @param random the only source of chance: equal streams give equal cells
	 */
	sample(
		clusters: readonly number[],
		random: Random,
		signal?: AbortSignal,
	): Promise<readonly (Cell | CellFailure)[]>;
}

/** True for a draw that is no cell. */
export function isCellFailure(draw: Cell | CellFailure): draw is CellFailure {
	return "reason" in draw;
}

/** What an evaluation found. Further scores are kept in the history for the training of the sequence generator. */
export type Evaluation =
	| {
			readonly ok: true;
			/** The objective (T-CET), higher is better. */
			readonly score: number;
			readonly naswot?: number;
			readonly snipSsnr?: number;
	  }
	| { readonly ok: false /** Stable cause. */; readonly reason: string };

/**
 * What is maximised. A network that cannot be scored is a result; a thrown error (a lost worker) ends the run, which can
 * be resumed.
 */
export interface Objective {
	evaluate(network: Network, signal?: AbortSignal): Promise<Evaluation>;
}

/** Clusters that random cells pretend to come from: the K of the paper. */
export const RANDOM_CLUSTERS = 32;

/** Random cells whatever the cluster: the baseline without a generator. */
export const RANDOM_CELLS: CellSource = {
	sample: async (clusters, random) => clusters.map(() => randomCell(random)),
};
