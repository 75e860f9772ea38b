import type { Random } from "@archgen/random";

/** Low and high end of an interval. */
export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
	readonly random: Random;
	/** Samples drawn with replacement, default 500. */
	readonly resamples?: number;
	/** Share of the statistics inside the interval, default 0.95. */
	readonly level?: number;
}

/**
 * Percentile bootstrap interval of a statistic of n items.
 *
 * @param statistic of a sample, given as how often each item is in it; samples on which it is null or NaN are left out
 * @returns null when it has no value on more than half of the samples
 */
export function bootstrapInterval(
	n: number,
	statistic: (multiplicities: Int32Array) => number | null,
	{ random, resamples = 500, level = 0.95 }: BootstrapOptions,
): Interval | null {
	const found: number[] = [];
	for (let sample = 0; sample < resamples; sample++) {
		const multiplicities = new Int32Array(n);
		for (let i = 0; i < n; i++) multiplicities[random.integer(n)]!++;
		const value = statistic(multiplicities);
		if (value !== null && !Number.isNaN(value)) found.push(value);
	}
	if (2 * found.length < resamples) return null;
	found.sort((a, b) => a - b);
	return [quantile(found, (1 - level) / 2), quantile(found, (1 + level) / 2)];
}

/** Quantile of sorted values, linear between neighbours. */
function quantile(sorted: readonly number[], share: number): number {
	const place = share * (sorted.length - 1);
	const below = Math.floor(place);
	const above = Math.min(below + 1, sorted.length - 1);
	return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
