/** Pivots below this share of the largest diagonal element count as zero. */
const SINGULAR = 1e-10;

/**
 * ln det of a symmetric positive semi-definite matrix, by Cholesky factorisation K = LLᵀ: 2 Σ ln L_ii.
 *
 * @param matrix n×n, row-major; overwritten
 * @returns null when the matrix is singular to working precision
 */
export function logDeterminant(matrix: Float64Array, n: number): number | null {
	let largest = 0;
	for (let i = 0; i < n; i++) largest = Math.max(largest, matrix[i * n + i]!);
	let sum = 0;
	for (let j = 0; j < n; j++) {
		const pivot = matrix[j * n + j]! - squaredNorm(matrix, j * n, j);
		if (!(pivot > SINGULAR * largest)) return null;
		const root = Math.sqrt(pivot);
		matrix[j * n + j] = root;
		sum += Math.log(pivot);
		for (let i = j + 1; i < n; i++) {
			let value = matrix[i * n + j]!;
			for (let k = 0; k < j; k++) value -= matrix[i * n + k]! * matrix[j * n + k]!;
			matrix[i * n + j] = value / root;
		}
	}
	return sum;
}

function squaredNorm(values: Float64Array, start: number, length: number): number {
	let sum = 0;
	for (let k = start; k < start + length; k++) sum += values[k]! * values[k]!;
	return sum;
}
