import {
	add,
	constant,
	denseLayer,
	layerNormLayer,
	matMul,
	mul,
	type ParameterScope,
	reduceMean,
	reshape,
	scalar,
	type Tensor,
} from "@archgen/tensor-graph";
import { noiseEmbedding, silu } from "./score-network.js";
import { adjacencyMatrix, type StateShape } from "./state-shape.js";

/** Widths of a predictor. */
export interface PredictorSize {
	/** Width of the graph convolutions, published 144, default 96. */
	readonly hidden: number;
	/** Graph convolutions, default 4. */
	readonly layers: number;
	/** Width of the layer before the output, default 128. */
	readonly output: number;
}

/** A predictor that trains in one to two minutes on one core. */
export const PREDICTOR_SIZE: PredictorSize = { hidden: 96, layers: 4, output: 128 };

/**
 * A noise-aware predictor f(x, σ) of a property of the architecture below the noise: directed graph convolutions (Wen et al. 2020) over A and Aᵀ,
 *
 *     h ← h + ½ [SiLU(Â norm(h) W₁) + SiLU(Âᵀ norm(h) W₂)],
 *
 * then the mean over the nodes and two layers. Â is A with self-loops, its rows divided by their sums. SiLU in place of ReLU gives a gradient that is
 * continuous in x, which guidance follows.
 *
 * @param x states [batch, nodes, operations]
 * @param sigma noise level of each state, [batch, 1]
 * @returns the standardised property, [batch, 1]
 */
export function predictorNetwork(
	scope: ParameterScope,
	x: Tensor,
	sigma: Tensor,
	shape: StateShape,
	size: PredictorSize,
): Tensor {
	const { nodes, operations } = shape;
	const { hidden } = size;
	const batch = x.shape[0]!;
	const rows = typeof batch === "number" ? batch * nodes : "nodes";
	const flat = (h: Tensor) => reshape(h, [rows, hidden]);
	const perGraph = (h: Tensor) => reshape(h, [batch, nodes, hidden]);
	const operation = denseLayer(scope.scope("operation"), reshape(x, [rows, operations]), operations, hidden);
	const level = reshape(noiseEmbedding(scope.scope("noise"), sigma, hidden, hidden), [batch, 1, hidden]);
	let h = flat(add(add(perGraph(operation), level), nodeOffsets(scope, nodes, hidden)));
	for (let layer = 0; layer < size.layers; layer++) {
		const own = scope.scope(`layers.${layer}`);
		const normalized = layerNormLayer(own.scope("norm"), h, hidden);
		const along = (name: string, edges: Tensor) => {
			const mapped = perGraph(denseLayer(own.scope(name), normalized, hidden, hidden));
			return silu(matMul(edges, mapped));
		};
		const both = add(along("forward", edgesOf(shape, false)), along("backward", edgesOf(shape, true)));
		h = add(h, flat(mul(both, scalar(0.5))));
	}
	const graph = reduceMean(perGraph(h), [1]);
	const last = silu(denseLayer(scope.scope("output.0"), graph, hidden, size.output));
	return denseLayer(scope.scope("output.1"), last, size.output, 1, 1);
}

/** What tells nodes of the same operation apart, [1, nodes, hidden]. */
function nodeOffsets(scope: ParameterScope, nodes: number, hidden: number): Tensor {
	return scope.parameter("position", [1, nodes, hidden], { kind: "normal", std: 0.02 });
}

/** A or Aᵀ with self-loops, rows divided by their sums, [1, nodes, nodes]. */
function edgesOf(shape: StateShape, reversed: boolean): Tensor {
	const { nodes } = shape;
	const adjacency = adjacencyMatrix(shape);
	const edge = (i: number, j: number) =>
		i === j ? 1 : reversed ? adjacency[j * nodes + i]! : adjacency[i * nodes + j]!;
	const places = Array.from({ length: nodes }, (_, i) => i);
	const matrix = places.flatMap((i) => {
		const row = places.map((j) => edge(i, j));
		const sum = row.reduce((a, b) => a + b, 0);
		return row.map((value) => value / sum);
	});
	return constant(matrix, [1, nodes, nodes]);
}
