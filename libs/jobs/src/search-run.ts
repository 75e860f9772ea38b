import type { EvolutionProgress } from "@archgen/evolution";

/** How far a search is; `best` is the line of its record. */
export interface SearchProgress extends Omit<EvolutionProgress, "best"> {
	readonly best: string | null;
}

/** A search in memory that writes down each evaluation as it is made. Between steps it stays as it is. */
export interface SearchRun {
	/** Goes on until the history has a number of records. @returns true when the search is over */
	advance(records: number): Promise<boolean>;
	progress(): SearchProgress;
	/** Whether a search that is over ended because nothing was left to evaluate. */
	isStalled(): boolean;
	/** Ends evaluations in flight; the run cannot go on. */
	close(): Promise<void>;
}

/** What a run is told and tells. */
export interface SearchHooks {
	readonly signal: AbortSignal;
	/** After each record. */
	readonly onRecord: () => void;
}
