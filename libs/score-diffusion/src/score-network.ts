import {
	add,
	concat,
	constant,
	denseLayer,
	div,
	exp,
	layerNormLayer,
	minimum,
	mul,
	type ParameterScope,
	relu,
	reshape,
	scalar,
	sigmoid,
	sinusoidalEmbedding,
	sinusoidalPositions,
	sqrt,
	sub,
	type Tensor,
} from "@archgen/tensor-graph";
import { attentionBlock, attentionMask } from "./attention-block.js";
import type { Parameterization, ScoreNetworkSize } from "./score-network-size.js";
import type { StateShape } from "./state-shape.js";

/**
 * The score network s(x, σ) ≈ ∇ₓ ln p_σ(x) of DiffusionNAG (An et al. 2024):
 *
 *     h₀ = √hidden · linear(x) + position + embedding(σ)
 *     h_i = block_i(h_{i−1}),   attention from each node to its successors or neighbours
 *     s = MLP([norm(h₁), …, norm(h_blocks)])   with two ELU layers
 *
 * @param x states [batch, nodes, operations]
 * @param sigma noise level of each state, [batch, 1]
 * @param condition see `vectorCondition`, [batch, width]; null for a network that is asked for nothing
 * @returns [batch, nodes, operations]
 */
export function scoreNetwork(
	scope: ParameterScope,
	x: Tensor,
	sigma: Tensor,
	shape: StateShape,
	size: ScoreNetworkSize,
	condition: Tensor | null = null,
): Tensor {
	const { operations } = shape;
	const { hidden, output } = size;
	const scaled = size.parameterization === "score" ? x : div(x, inputScale(sigma));
	const mask = attentionMask(shape, size.attention ?? "successors");
	let h = embedNodes(scope, scaled, { sigma, condition }, shape, size);
	const outputs = Array.from({ length: size.blocks }, (_, i) => {
		h = attentionBlock(scope.scope(`blocks.${i}`), h, size, x, mask);
		return layerNormLayer(scope.scope(`blocks.${i}.norm`), h, hidden);
	});
	const blocks = denseLayer(scope.scope("output.0"), concat(outputs, 1), size.blocks * hidden, output);
	const first = elu(condition ? add(blocks, perNode(scope, condition, x, output)) : blocks);
	const second = elu(denseLayer(scope.scope("output.1"), first, output, output));
	const result = reshape(denseLayer(scope.scope("output.2"), second, output, operations, 1), x.shape);
	return SCORES[size.parameterization](result, x, sigma);
}

/** s(x, σ) of the network's output. */
const SCORES: Readonly<Record<Parameterization, (output: Tensor, x: Tensor, sigma: Tensor) => Tensor>> = {
	score: (output) => output,
	noise: (output, _, sigma) => div(output, perState(sigma)),
	estimate: (output, x, sigma) => {
		const scale = inputScale(sigma);
		return sub(div(output, mul(perState(sigma), scale)), div(x, mul(scale, scale)));
	},
};

/** Operation, position and noise level of every node, [batch · nodes, hidden]. */
function embedNodes(
	scope: ParameterScope,
	x: Tensor,
	{ sigma, condition }: { readonly sigma: Tensor; readonly condition: Tensor | null },
	{ nodes, operations }: StateShape,
	{ hidden, time, positions }: ScoreNetworkSize,
): Tensor {
	const batch = x.shape[0]!;
	const rows = typeof batch === "number" ? batch * nodes : "nodes";
	const operation = denseLayer(
		scope.scope("operation"),
		reshape(x, [rows, operations]),
		operations,
		hidden,
		1,
	);
	const noise = noiseEmbedding(scope.scope("noise"), sigma, hidden, time);
	const perGraph = condition
		? add(noise, conditionEmbedding(scope.scope("condition"), condition, hidden, time))
		: noise;
	const level = reshape(perGraph, [batch, 1, hidden]);
	const ofNodes = reshape(mul(operation, scalar(Math.sqrt(hidden))), [batch, nodes, hidden]);
	const told = add(ofNodes, level);
	if (positions === false) return reshape(told, [rows, hidden]);
	const position = constant(sinusoidalPositions(nodes, hidden), [1, nodes, hidden]);
	const loud = positions === "scaled" ? mul(position, scalar(Math.sqrt(hidden))) : position;
	return reshape(add(told, loud), [rows, hidden]);
}

/** Sinusoid of σ → linear → SiLU → linear, [batch, width]. */
export function noiseEmbedding(scope: ParameterScope, sigma: Tensor, width: number, hidden: number): Tensor {
	const h = denseLayer(scope.scope("hidden"), sinusoidalEmbedding(sigma, width), width, hidden);
	return denseLayer(scope.scope("output"), silu(h), hidden, width, 1);
}

/** A linear map of the condition for every node, [batch · nodes, width]. */
function perNode(scope: ParameterScope, condition: Tensor, x: Tensor, width: number): Tensor {
	const [batch, nodes] = x.shape as [number | string, number];
	const rows = typeof batch === "number" ? batch * nodes : "nodes";
	const mapped = conditionEmbedding(scope.scope("output.condition"), condition, width, width);
	const zeros = constant(new Float32Array(nodes), [1, nodes, 1]);
	return reshape(add(reshape(mapped, [batch, 1, width]), zeros), [rows, width]);
}

/** linear → SiLU → linear, [batch, width]. */
function conditionEmbedding(scope: ParameterScope, condition: Tensor, width: number, hidden: number): Tensor {
	const h = denseLayer(scope.scope("hidden"), condition, condition.shape[1] as number, hidden, 1);
	return denseLayer(scope.scope("output"), silu(h), hidden, width, 1);
}

/** x σ(x) */
export function silu(x: Tensor): Tensor {
	return mul(x, sigmoid(x));
}

/** x above 0, eˣ − 1 below. */
function elu(x: Tensor): Tensor {
	return add(relu(x), sub(exp(minimum(x, scalar(0))), scalar(1)));
}

/** √(1 + σ²), the size of a state's entries, [batch, 1, 1]. */
function inputScale(sigma: Tensor): Tensor {
	return sqrt(add(mul(perState(sigma), perState(sigma)), scalar(1)));
}

function perState(sigma: Tensor): Tensor {
	return reshape(sigma, [sigma.shape[0]!, 1, 1]);
}
