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
import { attentionBlock, successorMask } from "./attention-block.js";
import type { ScoreNetworkSize } from "./score-network-size.js";
import type { StateShape } from "./state-shape.js";

/**
 * The score network s(x, σ) ≈ ∇ₓ ln p_σ(x) of DiffusionNAG (An et al. 2024):
 *
 *     h₀ = √hidden · linear(x) + position + embedding(σ)
 *     h_i = block_i(h_{i−1}),   attention from each node to its successors
 *     s = MLP([norm(h₁), …, norm(h_blocks)])   with two ELU layers
 *
 * @param x states [batch, nodes, operations]
 * @param sigma noise level of each state, [batch, 1]
 * @returns [batch, nodes, operations]
 */
export function scoreNetwork(
	scope: ParameterScope,
	x: Tensor,
	sigma: Tensor,
	shape: StateShape,
	size: ScoreNetworkSize,
): Tensor {
	const { operations } = shape;
	const { hidden, output } = size;
	const scaled = size.parameterization === "noise" ? div(x, inputScale(sigma)) : x;
	const mask = successorMask(shape);
	let h = embedNodes(scope, scaled, sigma, shape, size);
	const outputs = Array.from({ length: size.blocks }, (_, i) => {
		h = attentionBlock(scope.scope(`blocks.${i}`), h, size, x, mask);
		return layerNormLayer(scope.scope(`blocks.${i}.norm`), h, hidden);
	});
	const first = elu(denseLayer(scope.scope("output.0"), concat(outputs, 1), size.blocks * hidden, output));
	const second = elu(denseLayer(scope.scope("output.1"), first, output, output));
	const result = reshape(denseLayer(scope.scope("output.2"), second, output, operations, 1), x.shape);
	return size.parameterization === "noise" ? div(result, perState(sigma)) : result;
}

/** Operation, position and noise level of every node, [batch · nodes, hidden]. */
function embedNodes(
	scope: ParameterScope,
	x: Tensor,
	sigma: Tensor,
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
	const level = reshape(noiseEmbedding(scope.scope("noise"), sigma, hidden, time), [batch, 1, hidden]);
	const ofNodes = reshape(mul(operation, scalar(Math.sqrt(hidden))), [batch, nodes, hidden]);
	const told = add(ofNodes, level);
	const position = constant(sinusoidalPositions(nodes, hidden), [1, nodes, hidden]);
	return reshape(positions ? add(told, position) : told, [rows, hidden]);
}

/** Sinusoid of σ → linear → SiLU → linear, [batch, width]. */
export function noiseEmbedding(scope: ParameterScope, sigma: Tensor, width: number, hidden: number): Tensor {
	const h = denseLayer(scope.scope("hidden"), sinusoidalEmbedding(sigma, width), width, hidden);
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
