import { mean } from "./moments.js";

/** Share of the variance of `actual` that `predicted` explains (R², 1 is perfect, 0 is no better than the mean). */
export function rSquared(predicted: readonly number[], actual: readonly number[]): number {
	const centre = mean(actual);
	const residual = actual.reduce((sum, y, i) => sum + (y - predicted[i]!) ** 2, 0);
	const total = actual.reduce((sum, y) => sum + (y - centre) ** 2, 0);
	return 1 - residual / total;
}

/** Pearson correlation. */
export function pearson(a: readonly number[], b: readonly number[]): number {
	const [meanA, meanB] = [mean(a), mean(b)];
	let product = 0;
	let squaresA = 0;
	let squaresB = 0;
	a.forEach((value, i) => {
		const [x, y] = [value - meanA, b[i]! - meanB];
		product += x * y;
		squaresA += x * x;
		squaresB += y * y;
	});
	return product / Math.sqrt(squaresA * squaresB);
}

/** Spearman rank correlation; ties share their mean rank. */
export function spearman(a: readonly number[], b: readonly number[]): number {
	return pearson(ranks(a), ranks(b));
}

/** Rank of every value, 0 for the smallest; ties share their mean rank. −∞ and ∞ are values like others. */
export function ranks(values: readonly number[]): number[] {
	const order = values
		.map((value, index) => ({ value, index }))
		.sort((x, y) => (x.value < y.value ? -1 : x.value > y.value ? 1 : 0));
	const result = new Array<number>(values.length);
	for (let start = 0; start < order.length; ) {
		let end = start;
		while (end < order.length && order[end]!.value === order[start]!.value) end++;
		for (let i = start; i < end; i++) result[order[i]!.index] = (start + end - 1) / 2;
		start = end;
	}
	return result;
}
