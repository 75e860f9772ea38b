import {
	add,
	div,
	exp,
	log,
	mul,
	reduceMax,
	reduceSum,
	scalar,
	sub,
	tanh,
	withGradient,
} from "../operators/index.js";
import type { Tensor } from "../tensor.js";

/** ln Σ eˣ along an axis kept as 1, shifted by the maximum so that it cannot overflow. */
export function logSumExp(x: Tensor, axis = -1): Tensor {
	const shift = reduceMax(x, [axis], true);
	const value = add(log(reduceSum(exp(sub(x, shift)), [axis], true)), shift);
	// ∂/∂x = softmax(x); the shift cancels, so the chain rule through it would be wasted work
	return withGradient(value, [x], (g) => [mul(g, softmax(x, axis))]);
}

/** eˣ / Σ eˣ along an axis. */
export function softmax(x: Tensor, axis = -1): Tensor {
	const e = exp(sub(x, reduceMax(x, [axis], true)));
	const value = div(e, reduceSum(e, [axis], true));
	return withGradient(value, [x], (g, y) => [mul(y, sub(g, reduceSum(mul(g, y), [axis], true)))]);
}

/** x − ln Σ eˣ along an axis. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
	return sub(x, logSumExp(x, axis));
}

/** The tanh form of GELU that GPT-Neo uses: ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
export function geluNew(x: Tensor): Tensor {
	const inner = mul(scalar(Math.sqrt(2 / Math.PI)), mul(x, add(scalar(1), mul(scalar(0.044715), mul(x, x)))));
	return mul(mul(scalar(0.5), x), add(scalar(1), tanh(inner)));
}
