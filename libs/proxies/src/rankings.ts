import { MEASURED, type Triple } from "./ranking-figures.js";

/** A rank correlation and its 95 % interval. */
export interface Correlation {
	readonly value: number;
	readonly low: number;
	readonly high: number;
}

/** Agreement of a proxy or an objective with the trained accuracies of one benchmark. */
export interface Ranking {
	readonly benchmark: string;
	/** What the accuracy is of, and how many networks were compared. */
	readonly target: string;
	/** Spearman's rank correlation. */
	readonly spearman?: Correlation;
	/** The same with the ranks of MACs and parameters held fixed. */
	readonly partial?: Correlation;
	/** Selection of one network: share of the way from random choice (0) to the best (1), and its mean accuracy in per cent. */
	readonly selection?: { readonly share: number; readonly accuracy: number };
}

/** Benchmarks in the order of the rows below. */
const RANKING_BENCHMARKS = [
	{ benchmark: "NAS-Bench-201", target: "CIFAR-10 validation after 200 epochs, 120 networks" },
	{ benchmark: "NAS-Bench-Macro", target: "CIFAR-10, mean of three trainings, 92 networks" },
	{ benchmark: "MnasNet", target: "ImageNet top-1 of Accel-NASBench, 72 networks" },
] as const;

/** Names of the proxies and objectives that were measured. */
export const RANKED_NAMES: readonly string[] = Object.keys(MEASURED);

/** What was measured of a proxy or an objective, one ranking a benchmark; empty where nothing was. */
export function rankingsOf(name: string): readonly Ranking[] {
	const measured = MEASURED[name];
	if (measured === undefined) return [];
	const { spearman, partial, selection } = measured;
	return RANKING_BENCHMARKS.map((benchmark, i) => ({
		...benchmark,
		...(spearman && { spearman: correlation(spearman[i]!) }),
		...(partial && { partial: correlation(partial[i]!) }),
		...(selection && { selection: { share: selection[i]![0], accuracy: selection[i]![1] } }),
	}));
}

function correlation([value, low, high]: Triple): Correlation {
	return { value, low, high };
}
