import type { DropCounts } from "@archgen/design";
import type { Phase } from "./mutations.js";
import type { Member } from "./population.js";
import type { EvolutionRecord } from "./record.js";

/** The scores of the living; null in an empty population. */
export interface PopulationStatistics {
	readonly size: number;
	readonly best: number | null;
	readonly mean: number | null;
	readonly worst: number | null;
}

/** A look at a running search. */
export interface EvolutionProgress {
	readonly evaluated: number;
	readonly evaluations: number;
	readonly inFlight: number;
	readonly phase: Phase;
	/** Best record so far. */
	readonly best: EvolutionRecord | null;
	readonly population: PopulationStatistics;
	/** Indices of the feasible records that no other dominates; of those with the best score without costs. */
	readonly front: readonly number[];
	readonly dropped: DropCounts;
}

/** Progress with the statistics of the population. */
export function progressOf(
	view: Omit<EvolutionProgress, "population"> & { readonly members: readonly Member[] },
): EvolutionProgress {
	const { members, ...rest } = view;
	return { ...rest, population: populationStatistics(members) };
}

/** The scores of the living. */
export function populationStatistics(members: readonly Member[]): PopulationStatistics {
	const size = members.length;
	const scores = members.map(({ score }) => score);
	const mean = size === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / size;
	const worst = size === 0 ? null : scores.reduce((least, score) => Math.min(least, score));
	const best = size === 0 ? null : scores.reduce((most, score) => Math.max(most, score));
	return { size, best, mean, worst };
}
