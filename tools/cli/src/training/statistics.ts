/** Mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation with n − 1; 0 of one value. */
export function standardDeviation(values: readonly number[]): number {
	if (values.length < 2) return 0;
	const centre = mean(values);
	return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Coefficient of determination of predictions: 1 is perfect, 0 as good as the mean. */
export function rSquared(actual: readonly number[], predicted: readonly number[]): number {
	const centre = mean(actual);
	const residual = actual.reduce((sum, value, i) => sum + (value - predicted[i]!) ** 2, 0);
	return 1 - residual / actual.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/** Spearman's rank correlation; equal values share the mean of their ranks. */
export function spearman(a: readonly number[], b: readonly number[]): number {
	return pearson(ranks(a), ranks(b));
}

function pearson(a: readonly number[], b: readonly number[]): number {
	const [centreA, centreB] = [mean(a), mean(b)];
	let [covariance, varianceA, varianceB] = [0, 0, 0];
	a.forEach((value, i) => {
		const [x, y] = [value - centreA, b[i]! - centreB];
		covariance += x * y;
		varianceA += x * x;
		varianceB += y * y;
	});
	return covariance / Math.sqrt(varianceA * varianceB);
}

function ranks(values: readonly number[]): number[] {
	const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
	const result = new Array<number>(values.length);
	for (let start = 0; start < order.length; ) {
		let end = start + 1;
		while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
		for (const i of order.slice(start, end)) result[i] = (start + end - 1) / 2;
		start = end;
	}
	return result;
}
