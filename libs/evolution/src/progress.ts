import type { Phase } from "./mutations.js";
import type { Member } from "./population.js";
import type { DropCounts, EvolutionRecord } from "./record.js";

/** A look at a running search. */
export interface EvolutionProgress {
	readonly evaluated: number;
	readonly evaluations: number;
	readonly inFlight: number;
	readonly phase: Phase;
	/** Best record so far. */
	readonly best: EvolutionRecord | null;
	readonly population: { readonly size: number; readonly worst: number | null; readonly mean: number | null };
	readonly dropped: DropCounts;
}

/** Progress with the statistics of the population. */
export function progressOf(
	view: Omit<EvolutionProgress, "population"> & { readonly members: readonly Member[] },
): EvolutionProgress {
	const { members, ...rest } = view;
	const size = members.length;
	const scores = members.map(({ score }) => score);
	const mean = size === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / size;
	const worst = size === 0 ? null : scores.reduce((least, score) => Math.min(least, score));
	return { ...rest, population: { size, worst, mean } };
}
