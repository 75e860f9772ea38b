import {
	add,
	denseLayer,
	layerNormLayer,
	matMul,
	mul,
	type ParameterScope,
	reduceSum,
	relu,
	reshape,
	scalar,
	softmax,
	type Tensor,
} from "@archgen/tensor-graph";
import type { DenoiserSize } from "./denoiser-size.js";

/** Features of nodes and pairs of all graphs of a batch, below each other. */
export interface GraphFeatures {
	/** [batch · nodes, hidden] */
	readonly nodes: Tensor;
	/** [batch · nodes · nodes, pair] */
	readonly pairs: Tensor;
}

/** Places of a batch. */
export interface GraphPlaces {
	readonly batch: number | string;
	readonly nodes: number;
}

/**
 * A graph-transformer layer (Vignac et al. 2023, without the features of the whole graph):
 *
 *     Y_ij = (q_i ⊙ k_j / √(hidden/heads)) ⊙ scale(e_ij) + shift(e_ij)
 *     x_i ← norm(x_i + out(Σ_j softmax_j(Y_ij) ⊙ v_j)),   e_ij ← norm(e_ij + out(Y_ij))
 *
 * with attention feature by feature, then x ← norm(x + feed-forward(x)), and e in the same way.
 */
export function graphTransformerLayer(
	scope: ParameterScope,
	{ nodes: x, pairs: e }: GraphFeatures,
	{ batch, nodes: n }: GraphPlaces,
	size: DenoiserSize,
): GraphFeatures {
	const { hidden, pair, heads } = size;
	const ofNodes = (name: string, shape: readonly (number | string)[]) =>
		reshape(denseLayer(scope.scope(name), x, hidden, hidden, 1), shape);
	const query = mul(ofNodes("query", [batch, n, 1, hidden]), scalar(1 / Math.sqrt(hidden / heads)));
	const key = ofNodes("key", [batch, 1, n, hidden]);
	const value = ofNodes("value", [batch, 1, n, hidden]);
	const flat = reshape(mul(query, key), [e.shape[0]!, hidden]);
	const scores = add(
		mul(flat, pairScale(scope, e, size)),
		denseLayer(scope.scope("pairShift"), e, pair, hidden, 1),
	);
	const weights = softmax(reshape(scores, [batch, n, n, hidden]), 2);
	const mixed = reshape(reduceSum(mul(weights, value), [2]), [x.shape[0]!, hidden]);
	const attended = add(x, denseLayer(scope.scope("nodeOutput"), mixed, hidden, hidden, 1));
	const joined = add(e, denseLayer(scope.scope("pairOutput"), scores, hidden, pair, 1));
	return {
		nodes: feedForward(scope.scope("nodes"), attended, hidden, size.feedForward),
		pairs: feedForward(scope.scope("pairs"), joined, pair, size.pairFeedForward),
	};
}

/** A linear map of pair features that starts near 1. */
function pairScale(scope: ParameterScope, e: Tensor, { pair, hidden }: DenoiserSize): Tensor {
	const bound = 1 / Math.sqrt(pair);
	const weight = scope.parameter("pairScale.weight", [pair, hidden], { kind: "uniform", bound });
	const bias = scope.parameter("pairScale.bias", [hidden], { kind: "constant", value: 1 });
	return add(matMul(e, weight), bias);
}

/** h = norm(x), then norm(h + linear(ReLU(linear(h)))). */
function feedForward(scope: ParameterScope, x: Tensor, width: number, inner: number): Tensor {
	const h = layerNormLayer(scope.scope("norm.0"), x, width);
	const wide = relu(denseLayer(scope.scope("hidden"), h, width, inner));
	return layerNormLayer(
		scope.scope("norm.1"),
		add(h, denseLayer(scope.scope("output"), wide, inner, width, 1)),
		width,
	);
}
