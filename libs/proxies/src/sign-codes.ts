import { logDeterminant } from "./log-determinant.js";

/**
 * K_ij = N − Hamming distance of the codes of images i and j, from the product G = X Xᵀ of their 0/1 codes:
 * N − |x_i| − |x_j| + 2 G_ij, where |x_i| = G_ii.
 *
 * @param gram n×n, row-major
 * @param length N, the number of code bits
 */
export function codeKernel(gram: ArrayLike<number>, n: number, length: number): Float64Array {
	const kernel = new Float64Array(n * n);
	for (let i = 0; i < n; i++)
		for (let j = 0; j < n; j++)
			kernel[i * n + j] = length - gram[i * n + i]! - gram[j * n + j]! + 2 * gram[i * n + j]!;
	return kernel;
}

/** ln |det K_l| of one layer; 0 when K_l is singular, as it is when two images have the same code. */
export function layerLogDeterminant(kernel: Float64Array, n: number): number {
	return logDeterminant(Float64Array.from(kernel), n) ?? 0;
}

/** Adds the kernel of one layer to a running sum over layers. */
export function addKernel(sum: Float64Array, kernel: Float64Array): void {
	for (let i = 0; i < sum.length; i++) sum[i]! += kernel[i]!;
}
