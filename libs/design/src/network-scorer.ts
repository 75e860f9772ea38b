import { inOrderOfCompletion } from "@archgen/concurrency";
import type { Network } from "@archgen/search-space";

/** Scores of one network, or why there are none. */
export type ScoreOutcome =
	| {
			readonly ok: true;
			/** Parts of the objective, which ranks; the first one is maximised by a search. */
			readonly parts: readonly number[];
			/** All that was computed, by proxy; passed on. */
			readonly values?: Readonly<Record<string, number>>;
	  }
	| { readonly ok: false /** Stable cause. */; readonly reason: string };

/** Parts and values of a network that could be scored. */
export type NetworkScores = Extract<ScoreOutcome, { ok: true }>;

/** Scoring by proxies, of generated networks and of those that a search proposes. */
export interface NetworkScorer {
	/** Echoed in results. */
	readonly version: string;
	/** Networks that are worth scoring at a time. Default 1. */
	readonly parallelism?: number;
	/** Objective of every network of a set from their parts, higher is better; the first part unless given. */
	readonly aggregate?: (set: readonly (readonly number[])[]) => readonly number[];
	/** Told of the networks of a set before the first of them is scored, so that all can be scored in a setting that suits the largest. */
	prepare?(networks: readonly Network[]): void;
	/** Seconds that scoring these networks of the set is expected to take; undefined where nothing is known of its speed. */
	secondsFor?(networks: readonly Network[]): number | undefined;
	/**
	 * Scores a network. One that cannot be scored is a result; a thrown error (a lost worker) ends the generation or the search, which can be
	 * resumed.
	 */
	score(network: Network, signal?: AbortSignal): Promise<ScoreOutcome>;
}

/** Objective of every network of a set. */
export function objectivesOf(
	{ aggregate }: Pick<NetworkScorer, "aggregate">,
	set: readonly (readonly number[])[],
): readonly number[] {
	return aggregate === undefined ? set.map(([first]) => first!) : aggregate(set);
}

/** Scores networks, as many at a time as the scorer wants, in the order in which they are done. */
export function scoreAll(
	scorer: NetworkScorer,
	networks: readonly Network[],
	signal?: AbortSignal,
): AsyncIterable<{ readonly index: number; readonly outcome: ScoreOutcome }> {
	return inOrderOfCompletion(networks, scorer.parallelism ?? 1, async (network, index) => ({
		index,
		outcome: await scorer.score(network, signal),
	}));
}
