import {
	add,
	constant,
	denseLayer,
	layerNormLayer,
	matMul,
	mul,
	type ParameterScope,
	relu,
	reshape,
	scalar,
	softmax,
	type Tensor,
	transpose,
} from "@archgen/tensor-graph";
import type { Attention } from "./score-network-size.js";
import { adjacencyMatrix, type StateShape } from "./state-shape.js";

export interface AttentionSize {
	readonly hidden: number;
	readonly heads: number;
	readonly feedForward: number;
}

/** Score of a pair that must not meet; its weight underflows to 0, and float16, in which large constants are stored, holds it. */
const BLOCKED = -3e4;

/**
 * What is added to attention scores so that a node sees some nodes alone, [1, 1, nodes, nodes]. One without successors sees all where successors are asked for.
 */
export function attentionMask(shape: StateShape, attention: Attention): Tensor {
	const { nodes, successors } = shape;
	const adjacency = adjacencyMatrix(shape);
	const isOpen = {
		successors: (node: number, other: number) =>
			adjacency[node * nodes + other] === 1 || successors[node]!.length === 0,
		neighbours: (node: number, other: number) =>
			node === other || adjacency[node * nodes + other] === 1 || adjacency[other * nodes + node] === 1,
	}[attention];
	const mask = adjacency.map((_, k) => (isOpen(Math.floor(k / nodes), k % nodes) ? 0 : BLOCKED));
	return constant(mask, [1, 1, nodes, nodes]);
}

/**
 * A pre-norm transformer block over the nodes of each graph: x + attention(norm(x)), then x + feed-forward(norm(x)) with one ReLU.
 *
 * @param x nodes of all graphs below each other, [batch · nodes, hidden]
 * @param batch a tensor whose first axis is the batch
 * @param mask from {@link attentionMask}
 */
export function attentionBlock(
	scope: ParameterScope,
	x: Tensor,
	size: AttentionSize,
	batch: Tensor,
	mask: Tensor,
): Tensor {
	const { hidden, feedForward } = size;
	const attended = selfAttention(
		scope.scope("attention"),
		layerNormLayer(scope.scope("attention.norm"), x, hidden),
		size,
		batch,
		mask,
	);
	const middle = add(x, attended);
	const normalized = layerNormLayer(scope.scope("feedForward.norm"), middle, hidden);
	const wide = relu(denseLayer(scope.scope("feedForward.hidden"), normalized, hidden, feedForward));
	return add(middle, denseLayer(scope.scope("feedForward.output"), wide, feedForward, hidden, 1));
}

/** Multi-head attention with scores q·k/√d. */
function selfAttention(
	scope: ParameterScope,
	x: Tensor,
	{ hidden, heads }: AttentionSize,
	batch: Tensor,
	mask: Tensor,
): Tensor {
	const nodes = mask.shape.at(-1) as number;
	const width = hidden / heads;
	const rows = batch.shape[0]!;
	// [batch · nodes, hidden] → [batch, heads, nodes, hidden / heads]
	const split = (name: string) =>
		transpose(
			reshape(denseLayer(scope.scope(name), x, hidden, hidden), [rows, nodes, heads, width]),
			[0, 2, 1, 3],
		);
	const scores = mul(matMul(split("query"), transpose(split("key"))), scalar(1 / Math.sqrt(width)));
	const mixed = matMul(softmax(add(scores, mask)), split("value"));
	const merged = reshape(transpose(mixed, [0, 2, 1, 3]), [x.shape[0]!, hidden]);
	return denseLayer(scope.scope("output"), merged, hidden, hidden, 1);
}
