import type { Cell } from "@archgen/search-space";
import type { CellFailure, CellRequest, CellTemperatures } from "./cell-generator.js";
import type { Condition } from "./condition.js";
import type { Constraints } from "./constraints.js";
import type { MacroSequence } from "./macro-sequence.js";

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
