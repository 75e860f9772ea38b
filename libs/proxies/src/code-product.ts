import { composite, matMul, reshape, step, type Tensor, transpose } from "@archgen/tensor-graph";

/**
 * X Xᵀ of the 0/1 codes X [N, …] of a layer's signs, [N, N]: element (i, j) counts the units that are positive for both
 * images. Exact up to 2²⁴ units.
 */
export function codeProduct(y: Tensor): Tensor {
	const [batch, ...rest] = y.shape as number[];
	const codes = reshape(step(y), [batch!, rest.reduce((a, b) => a * b, 1)]);
	return composite("signCodeProduct", matMul(codes, transpose(codes)), [y], null);
}
