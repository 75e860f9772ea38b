import type { Network } from "@archgen/search-space";

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

/** Scores of one network, or why there are none. */
export type ScoreOutcome =
	| {
			readonly ok: true;
			/** Parts of the objective, which ranks. */
			readonly parts: readonly number[];
			/** All that was computed, by proxy; passed on. */
			readonly values?: Readonly<Record<string, number>>;
	  }
	| { readonly ok: false /** Stable cause. */; readonly reason: string };

/** Proxy scoring; results may come in any order. */
export interface NetworkScorer {
	readonly version: string;
	/** Objective of every network of a set from their parts, higher is better; the first part unless given. */
	readonly aggregate?: (set: readonly (readonly number[])[]) => readonly number[];
	score(
		networks: readonly Network[],
		seed: number,
		signal?: AbortSignal,
	): AsyncIterable<{ readonly index: number; readonly outcome: ScoreOutcome }>;
}

/** Objective of every network of a set. */
export function objectivesOf(
	{ aggregate }: NetworkScorer,
	set: readonly (readonly number[])[],
): readonly number[] {
	return aggregate === undefined ? set.map(([first]) => first!) : aggregate(set);
}
