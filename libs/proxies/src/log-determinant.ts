/** Pivots below this share of the largest diagonal element count as zero. */
const SINGULAR = 1e-10;

/**
 * ln det of a symmetric positive semi-definite matrix: the sum of ln of the pivots of a symmetric elimination. Each step
 * takes the largest pivot that remains, so that what is left of a singular matrix is rounding and nothing more.
 *
 * @param matrix n×n, row-major; overwritten
 * @returns null when the matrix is singular to working precision
 */
export function logDeterminant(matrix: Float64Array, n: number): number | null {
	let largest = 0;
	let sum = 0;
	for (let j = 0; j < n; j++) {
		let best = j;
		for (let i = j + 1; i < n; i++) if (matrix[i * n + i]! > matrix[best * n + best]!) best = i;
		if (best !== j) exchange(matrix, n, j, best);
		const pivot = matrix[j * n + j]!;
		largest = Math.max(largest, pivot);
		if (!(pivot > SINGULAR * largest)) return null;
		sum += Math.log(pivot);
		eliminate(matrix, n, j);
	}
	return sum;
}

/** Takes row and column j out of the upper triangle of what remains. */
function eliminate(matrix: Float64Array, n: number, j: number): void {
	const source = j * n;
	const pivot = matrix[source + j]!;
	for (let i = j + 1; i < n; i++) {
		const factor = matrix[source + i]! / pivot;
		const target = i * n;
		for (let k = i; k < n; k++) matrix[target + k]! -= factor * matrix[source + k]!;
	}
}

/** Exchanges the places j < i of what remains, in rows and columns of the upper triangle. */
function exchange(matrix: Float64Array, n: number, j: number, i: number): void {
	swap(matrix, j * n + j, i * n + i);
	for (let k = j + 1; k < i; k++) swap(matrix, j * n + k, k * n + i);
	for (let k = i + 1; k < n; k++) swap(matrix, j * n + k, i * n + k);
}

function swap(values: Float64Array, a: number, b: number): void {
	const kept = values[a]!;
	values[a] = values[b]!;
	values[b] = kept;
}
