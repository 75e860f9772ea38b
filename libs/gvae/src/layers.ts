import { add, layerNorm, matMul, type ParameterScope, relu, type Tensor } from "@archgen/tensor-graph";

/**
 * Fully connected layer; x: [rows, inputs] → [rows, outputs].
 *
 * Weights [inputs, outputs] start uniform ±gain/√inputs, which keeps the variance of a linear map for the default √3, and
 * biases at 0. PyTorch's gain of 1 leaves so little of a cell in the first latents that their noise drowns it.
 */
export function dense(
	scope: ParameterScope,
	x: Tensor,
	inputs: number,
	outputs: number,
	gain = Math.sqrt(3),
): Tensor {
	const bound = gain / Math.sqrt(inputs);
	const weight = scope.parameter("weight", [inputs, outputs], { kind: "uniform", bound });
	const bias = scope.parameter("bias", [outputs], { kind: "constant", value: 0 });
	return add(matMul(x, weight), bias);
}

/** Layer normalisation over the last axis of `width`, with affine parameters. */
export function normalize(scope: ParameterScope, x: Tensor, width: number): Tensor {
	const weight = scope.parameter("weight", [width], { kind: "constant", value: 1 });
	const bias = scope.parameter("bias", [width], { kind: "constant", value: 0 });
	return layerNorm(x, weight, bias);
}

/** inputs → hidden → outputs with one ReLU. x: [rows, inputs] → [rows, outputs]. */
export function mlp(
	scope: ParameterScope,
	x: Tensor,
	inputs: number,
	hidden: number,
	outputs: number,
): Tensor {
	const h = relu(dense(scope.scope("hidden"), x, inputs, hidden, Math.sqrt(6)));
	return dense(scope.scope("output"), h, hidden, outputs);
}
