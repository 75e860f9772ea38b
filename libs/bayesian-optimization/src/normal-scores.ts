import { normalDistribution } from "./normal.js";

/**
 * Values by their ranks as quantiles of a standard normal distribution, ties at their mean rank: a surrogate of them is not led by a few values that
 * lie far below all others. The order is kept, so the best stays the best.
 */
export function normalScores(values: readonly number[]): number[] {
	const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
	const scores = new Array<number>(values.length);
	for (let start = 0; start < order.length; ) {
		let end = start;
		while (end < order.length && order[end]!.value === order[start]!.value) end++;
		const score = normalQuantile((start + end) / 2 / values.length);
		for (const { i } of order.slice(start, end)) scores[i] = score;
		start = end;
	}
	return scores;
}

/** Beyond, the distribution function is 0 or 1 for all that matters. */
const WIDEST = 9;

/** z of Φ(z) = p, by bisection. */
function normalQuantile(p: number): number {
	let [low, high] = [-WIDEST, WIDEST];
	for (let step = 0; step < 60; step++) {
		const middle = (low + high) / 2;
		if (normalDistribution(middle) < p) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}
