import { add, matMul } from "../operators/index.js";
import type { ParameterScope } from "../parameters.js";
import type { Tensor } from "../tensor.js";
import { layerNorm } from "./normalization.js";

/**
 * A fully connected layer with its parameters: x W + b for rows x [rows, inputs] → [rows, outputs].
 *
 * The weight [inputs, outputs] starts uniform ±gain/√inputs and the bias at 0. The default gain √3 keeps the variance of a linear map; PyTorch's is 1.
 */
export function denseLayer(
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

/** Layer normalisation over the last axis of `width`, with its affine parameters. */
export function layerNormLayer(scope: ParameterScope, x: Tensor, width: number): Tensor {
	const weight = scope.parameter("weight", [width], { kind: "constant", value: 1 });
	const bias = scope.parameter("bias", [width], { kind: "constant", value: 0 });
	return layerNorm(x, weight, bias);
}
