import type { Random } from "@archgen/random";
import { standardDeviation } from "./moments.js";

/** Low and high end of an interval. */
export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
	readonly random: Random;
	/** Samples drawn with replacement, default 300. */
	readonly resamples?: number;
}

/** Half width of a 95 % interval in standard errors. */
const STANDARD_ERRORS = 1.96;
/** Correlations beyond this count as this, where Fisher's z would be infinite. */
const NEARLY_ONE = 1 - 1e-6;

/**
 * 95 % interval of a correlation of n items: ± 1.96 bootstrap standard errors of Fisher's z = artanh r. Unlike an interval of percentiles it holds the
 * correlation itself, which repeated items pull towards zero or away from it.
 *
 * @param correlation of a sample, given as how often each item is in it; samples on which it is null or NaN are left out
 * @returns null when the correlation of the items themselves has no value, or that of more than half of the samples
 */
export function correlationInterval(
	n: number,
	correlation: (multiplicities: Int32Array) => number | null,
	{ random, resamples = 300 }: BootstrapOptions,
): Interval | null {
	const value = correlation(new Int32Array(n).fill(1));
	if (value === null || Number.isNaN(value)) return null;
	const found: number[] = [];
	for (let sample = 0; sample < resamples; sample++) {
		const multiplicities = new Int32Array(n);
		for (let i = 0; i < n; i++) multiplicities[random.integer(n)]!++;
		const drawn = correlation(multiplicities);
		if (drawn !== null && !Number.isNaN(drawn)) found.push(fisherZ(drawn));
	}
	if (found.length < 2 || 2 * found.length < resamples) return null;
	if (found.every((z) => z === found[0])) return [value, value];
	const half = STANDARD_ERRORS * standardDeviation(found);
	const z = fisherZ(value);
	return [Math.min(Math.tanh(z - half), value), Math.max(Math.tanh(z + half), value)];
}

function fisherZ(correlation: number): number {
	return Math.atanh(Math.max(-NEARLY_ONE, Math.min(NEARLY_ONE, correlation)));
}
