import {
	add,
	concat,
	matMul,
	mul,
	type ParameterScope,
	sigmoid,
	type Tensor,
	tanh,
} from "@archgen/tensor-graph";
import { CCNF_SIZE, type CcnfSize } from "./ccnf-size.js";

/**
 * The vector field g(u, t, z) of the flow: ConcatSquashLinear layers with tanh between them (Grathwohl et al. 2019,
 * Yang et al. 2019), in the published size nine hidden layers of 512 and an output of 256.
 *
 * @param u state [batch, D]
 * @param t time [batch, 1]
 * @param z condition, standardised [batch, 4]
 * @returns du/dt [batch, D]
 */
export function ccnfField(
	scope: ParameterScope,
	u: Tensor,
	t: Tensor,
	z: Tensor,
	size: CcnfSize = CCNF_SIZE,
): Tensor {
	const context = concat([t, z], 1); // [batch, 1 + condition]
	const contextSize = 1 + size.condition;
	let h = u;
	let width = size.dimension;
	for (let layer = 0; layer < size.layers; layer++) {
		h = tanh(concatSquash(scope.scope(`layers.${layer}`), h, width, size.hidden, context, contextSize));
		width = size.hidden;
	}
	return concatSquash(scope.scope("output"), h, width, size.dimension, context, contextSize);
}

/**
 * Keeps the variance of x through a layer whose gate σ(≈0) halves it: uniform ±2√3/√fan-in. With PyTorch's default
 * ±1/√fan-in nothing of the state would arrive behind ten such layers, and training would stand still at first.
 */
const WEIGHT_GAIN = 2 * Math.sqrt(3);

/** (W x + b) · σ(W_g c + b_g) + W_b c */
function concatSquash(
	scope: ParameterScope,
	x: Tensor,
	inputs: number,
	outputs: number,
	context: Tensor,
	contextSize: number,
): Tensor {
	const weight = (name: string, fanIn: number, gain: number) =>
		scope.parameter(name, [fanIn, outputs], { kind: "uniform", bound: gain / Math.sqrt(fanIn) });
	const bias = (name: string) => scope.parameter(name, [outputs], { kind: "constant", value: 0 });
	const value = add(matMul(x, weight("weight", inputs, WEIGHT_GAIN)), bias("bias"));
	const gate = add(matMul(context, weight("gate.weight", contextSize, 1)), bias("gate.bias"));
	const shift = matMul(context, weight("shift.weight", contextSize, 1));
	return add(mul(value, sigmoid(gate)), shift);
}
