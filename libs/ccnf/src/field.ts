import {
	add,
	concat,
	gather,
	matMul,
	mul,
	normalize,
	type ParameterScope,
	scalar,
	sigmoid,
	sub,
	type Tensor,
} from "@archgen/tensor-graph";
import { CCNF_SIZE, type CcnfSize } from "./ccnf-size.js";

/** Width of the embedded context and of the layer before it. */
const CONTEXT = { hidden: 128, width: 48 } as const;

/**
 * Bounds of the initial weights, times 1/√fan-in: √3 keeps the variance of a linear map, and a gate starts at one half. Layers that
 * add to what is there begin with little.
 */
const GAIN = { reads: 2 * Math.sqrt(3), adds: 0.2, output: 0.5, plain: 1 } as const;

/** What the layers see of time and condition, [contexts, width], and how it gets to the rows of the state. */
interface Context {
	readonly context: Tensor;
	readonly width: number;
	readonly spread: (x: Tensor) => Tensor;
}

/**
 * The vector field g(u, t, z) of the flow: ConcatSquashLinear layers (Grathwohl et al. 2019, Yang et al. 2019), in the published size nine
 * hidden ones of 512 and an output of 256.
 *
 * Between them it differs from the published stack of tanh layers, through which hardly anything of the state arrives:
 *
 *     c = embedding of [t, z]
 *     h ← squash(u, c), then in pairs   h ← h + squash(silu(squash(norm(h), c)), c)
 *     g = squash([norm(h), u], c) + rate(c) ⊙ u
 *
 * The last term alone solves the Gaussian case, where the velocity is the state times a function of time. The log of what was measured is in
 * [ADR 008](../../../docs/adr/008-field-of-the-flow.md). The published stack is `form: "plain"`:
 *
 *     h ← tanh(squash(h, [t, z])), nine times from h = u   g = squash(h, [t, z])
 *
 * @param u state [batch, D]
 * @param t time [batch, 1]
 * @param z condition, standardised [batch, 4]
 * @param contextOf row of t and z for each row of u, int64 [batch]: with it they are [contexts, …], and what depends on them alone, a
 *   sixth of the work, is done once for rows alike; by default each row has its own
 * @returns du/dt [batch, D]
 */
export function ccnfField(
	scope: ParameterScope,
	u: Tensor,
	t: Tensor,
	z: Tensor,
	size: CcnfSize = CCNF_SIZE,
	contextOf?: Tensor,
): Tensor {
	const spread = (x: Tensor) => (contextOf ? gather(x, contextOf) : x);
	if (size.form === "plain") {
		const context = { context: concat([t, z], 1), width: 1 + size.condition, spread };
		return plainField(scope, u, context, size);
	}
	const context = embedding(scope.scope("context"), t, z, size);
	return residualField(scope, u, { context, width: CONTEXT.width, spread }, size);
}

function plainField(scope: ParameterScope, u: Tensor, context: Context, size: CcnfSize): Tensor {
	const { dimension, hidden, layers } = size;
	let [h, width] = [u, dimension];
	for (let layer = 0; layer < layers; layer++, width = hidden)
		h = tanh(concatSquash(scope.scope(`layers.${layer}`), h, width, hidden, context, GAIN.plain));
	return concatSquash(scope.scope("output"), h, width, dimension, context, GAIN.plain);
}

function residualField(scope: ParameterScope, u: Tensor, context: Context, size: CcnfSize): Tensor {
	const { dimension, hidden, layers } = size;
	const squash = (layer: string, x: Tensor, inputs: number, outputs: number, gain: number) =>
		concatSquash(scope.scope(layer), x, inputs, outputs, context, gain);
	const rate = context.spread(
		dense(scope.scope("rate"), context.context, context.width, dimension, GAIN.plain),
	);
	const linear = mul(rate, u);
	if (layers === 0) return add(squash("output", u, dimension, dimension, GAIN.output), linear);
	let h = squash("layers.0", u, dimension, hidden, GAIN.reads);
	for (let layer = 1; layer < layers; layer += 2) {
		const inner = silu(squash(`layers.${layer}`, normalize(h, [1]), hidden, hidden, GAIN.reads));
		// an even number of layers ends with half a pair
		const isPair = layer + 1 < layers;
		h = add(h, isPair ? squash(`layers.${layer + 1}`, inner, hidden, hidden, GAIN.adds) : inner);
	}
	const last = concat([normalize(h, [1]), u], 1);
	return add(squash("output", last, hidden + dimension, dimension, GAIN.output), linear);
}

/** What the layers see of time and condition, [batch, 48]. */
function embedding(scope: ParameterScope, t: Tensor, z: Tensor, { condition }: CcnfSize): Tensor {
	const centred = sub(mul(t, scalar(2)), scalar(1));
	const { hidden, width } = CONTEXT;
	const h = silu(dense(scope.scope("hidden"), concat([centred, z], 1), 1 + condition, hidden, GAIN.plain));
	return silu(dense(scope.scope("output"), h, hidden, width, GAIN.plain));
}

/** (W x + b) · σ(W_g c + b_g) + W_b c */
function concatSquash(
	scope: ParameterScope,
	x: Tensor,
	inputs: number,
	outputs: number,
	{ context, width, spread }: Context,
	gain: number,
): Tensor {
	const value = dense(scope, x, inputs, outputs, gain);
	const gate = dense(scope.scope("gate"), context, width, outputs, GAIN.plain);
	const shift = matMul(context, weight(scope.scope("shift"), width, outputs, GAIN.plain));
	return add(mul(value, spread(sigmoid(gate))), spread(shift));
}

/** x W + b */
function dense(scope: ParameterScope, x: Tensor, inputs: number, outputs: number, gain: number): Tensor {
	const bias = scope.parameter("bias", [outputs], { kind: "constant", value: 0 });
	return add(matMul(x, weight(scope, inputs, outputs, gain)), bias);
}

function weight(scope: ParameterScope, inputs: number, outputs: number, gain: number): Tensor {
	return scope.parameter("weight", [inputs, outputs], {
		kind: "uniform",
		bound: gain / Math.sqrt(inputs),
	});
}

function tanh(x: Tensor): Tensor {
	return sub(mul(sigmoid(mul(x, scalar(2))), scalar(2)), scalar(1));
}

function silu(x: Tensor): Tensor {
	return mul(x, sigmoid(x));
}
