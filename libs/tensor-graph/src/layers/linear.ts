import { add, matMul, transpose } from "../operators/index.js";
import type { Tensor } from "../tensor.js";

/** x Wᵀ + b for x [..., in], W [out, in] and b [out], as in PyTorch. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
	const product = matMul(x, transpose(weight));
	return bias === undefined ? product : add(product, bias);
}
