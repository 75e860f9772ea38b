import type { CellFailure, CellRequest, CellTemperatures, Constraints } from "@archgen/evolution";
import type { Cell, Network, Stride } from "@archgen/search-space";

/** A network without its cells. */
export interface MacroSequence {
	readonly stages: readonly {
		/** Cluster of the mixture that the cell is drawn from. */
		readonly cluster: number;
		readonly channels: number;
		readonly stride: Stride;
		readonly repeats: number;
		/**
		 * The cell that the source counted the stage with when it kept the sequence inside upper bounds: with these cells in all stages they hold.
		 */
		readonly budgetCell?: Cell;
	}[];
	readonly finalChannels: number;
}

/** What the sequences should be like; a missing field means "any". */
export interface Condition {
	readonly classes?: number;
	readonly inputSize?: number;
	readonly parameterCount?: number;
	readonly flopCount?: number;
}

export interface SequenceRequest {
	readonly condition: Condition;
	/** The hard bounds, for a source that can mask what no longer fits. */
	readonly constraints: Constraints;
	/** How many are wanted; fewer and repeated ones are allowed. */
	readonly count: number;
	readonly seed: number;
}

/** The sequence generator. */
export interface SequenceSource {
	/** Model version, echoed in the result. */
	readonly version: string;
	sample(request: SequenceRequest, signal?: AbortSignal): Promise<readonly MacroSequence[]>;
}

export interface SynonymRequest {
	readonly cells: readonly CellRequest[];
	readonly temperatures: CellTemperatures;
	readonly seed: number;
}

/** CCNF and decoder: one cell, or why there is none, for each request in order. */
export interface SynonymSource {
	readonly version: string;
	sample(request: SynonymRequest, signal?: AbortSignal): Promise<readonly (Cell | CellFailure)[]>;
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
export interface Scorer {
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
export function objectivesOf({ aggregate }: Scorer, set: readonly (readonly number[])[]): readonly number[] {
	return aggregate === undefined ? set.map(([first]) => first!) : aggregate(set);
}
