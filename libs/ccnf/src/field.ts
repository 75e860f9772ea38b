import {
	add,
	concat,
	linear,
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

/** (W x + b) · σ(W_g c + b_g) + W_b c */
function concatSquash(
	scope: ParameterScope,
	x: Tensor,
	inputs: number,
	outputs: number,
	context: Tensor,
	contextSize: number,
): Tensor {
	const uniform = (name: string, shape: number[], fanIn: number) =>
		scope.parameter(name, shape, { kind: "uniform", bound: 1 / Math.sqrt(fanIn) });
	const value = linear(x, uniform("weight", [outputs, inputs], inputs), uniform("bias", [outputs], inputs));
	const gate = linear(
		context,
		uniform("gate.weight", [outputs, contextSize], contextSize),
		uniform("gate.bias", [outputs], contextSize),
	);
	const shift = linear(context, uniform("shift.weight", [outputs, contextSize], contextSize));
	return add(mul(value, sigmoid(gate)), shift);
}
