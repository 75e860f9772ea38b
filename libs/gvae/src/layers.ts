import { denseLayer, type ParameterScope, relu, type Tensor } from "@archgen/tensor-graph";

/** PyTorch's gain of 1 leaves so little of a cell in the first latents that their noise drowns it: the default gain is used. */
export { denseLayer as dense, layerNormLayer as normalize } from "@archgen/tensor-graph";

/** inputs → hidden → outputs with one ReLU. x: [rows, inputs] → [rows, outputs]. */
export function mlp(
	scope: ParameterScope,
	x: Tensor,
	inputs: number,
	hidden: number,
	outputs: number,
): Tensor {
	const h = relu(denseLayer(scope.scope("hidden"), x, inputs, hidden, Math.sqrt(6)));
	return denseLayer(scope.scope("output"), h, hidden, outputs);
}
