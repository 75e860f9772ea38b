import {
	add,
	constant,
	denseLayer,
	mul,
	type ParameterScope,
	relu,
	reshape,
	scalar,
	sinusoidalEmbedding,
	sinusoidalPositions,
	type Tensor,
	transpose,
} from "@archgen/tensor-graph";
import { EDGE_CLASSES, type GraphShape } from "../graph-shape.js";
import type { DenoiserSize } from "./denoiser-size.js";
import { type GraphFeatures, type GraphPlaces, graphTransformerLayer } from "./graph-transformer-layer.js";

/** Noised graphs, and all else that the denoiser is told. */
export interface DenoiserInputs {
	/** One-hot, [batch, nodes, classes]. */
	readonly nodes: Tensor;
	/** One-hot and symmetric with an empty diagonal, [batch, nodes, nodes, 2]. */
	readonly edges: Tensor;
	/** One-hot classes of each metric, zeros for one that is not asked for, [batch, conditions]; null for a network without conditions. */
	readonly conditions: Tensor | null;
	/** Time in steps of the schedule, [batch, 1]; null for a network that is not told the time. */
	readonly time: Tensor | null;
}

/** Logits of the classes at time 0. */
export interface DenoiserOutputs {
	/** [batch, nodes, classes] */
	readonly nodes: Tensor;
	/** Symmetric, [batch, nodes, nodes, 2]; the diagonal says nothing. */
	readonly edges: Tensor;
}

/**
 * The denoiser p(x₀ | x_t, y) of DiNAS (Asthana et al. 2024): one-hot nodes and pairs, each with the embedded condition (and time), two layers, the node's
 * position added, graph-transformer layers, and two layers for nodes and pairs each. What is concatenated before a linear layer is written as a sum
 * of two.
 */
export function denoiser(
	scope: ParameterScope,
	inputs: DenoiserInputs,
	shape: GraphShape,
	size: DenoiserSize,
): DenoiserOutputs {
	const batch = inputs.nodes.shape[0]!;
	const places: GraphPlaces = { batch, nodes: shape.nodes };
	let features = embed(scope.scope("input"), inputs, shape, size);
	for (let layer = 0; layer < size.layers; layer++)
		features = graphTransformerLayer(scope.scope(`layers.${layer}`), features, places, size);
	const { hidden, pair } = size;
	const nodes = head(scope.scope("output.nodes"), features.nodes, hidden, shape.nodeClasses);
	const edges = head(scope.scope("output.pairs"), features.pairs, pair, EDGE_CLASSES);
	const square = reshape(edges, inputs.edges.shape);
	const symmetric = mul(add(square, transpose(square, [0, 2, 1, 3])), scalar(0.5));
	return { nodes: reshape(nodes, inputs.nodes.shape), edges: symmetric };
}

/** Two layers with a ReLU between them. */
function head(scope: ParameterScope, x: Tensor, width: number, outputs: number): Tensor {
	const h = relu(denseLayer(scope.scope("hidden"), x, width, width));
	return denseLayer(scope.scope("result"), h, width, outputs, 1);
}

function embed(
	scope: ParameterScope,
	{ nodes, edges, conditions, time }: DenoiserInputs,
	shape: GraphShape,
	size: DenoiserSize,
): GraphFeatures {
	const { nodes: n, nodeClasses } = shape;
	const { hidden, pair } = size;
	const batch = nodes.shape[0]!;
	const rows = (count: number, name: string) => (typeof batch === "number" ? batch * count : name);
	const told = [
		...(conditions ? [embeddedCondition(scope.scope("condition"), conditions, size)] : []),
		...(time ? [sinusoidalEmbedding(time, size.condition)] : []),
	];
	/** linear of the one-hot classes and of what all places are told, ReLU, linear, ReLU */
	const places = (
		own: ParameterScope,
		x: Tensor,
		classes: number,
		width: number,
		count: number,
		name: string,
	) => {
		const ofClass = denseLayer(own.scope("class"), reshape(x, [rows(count, name), classes]), classes, width);
		const perGraph = told.reduce<Tensor>(
			(sum, vector, i) =>
				add(
					sum,
					reshape(denseLayer(own.scope(`told.${i}`), vector, size.condition, width), [batch, 1, width]),
				),
			reshape(ofClass, [batch, count, width]),
		);
		const first = relu(reshape(perGraph, [rows(count, name), width]));
		return relu(denseLayer(own.scope("second"), first, width, width));
	};
	const x = places(scope.scope("nodes"), nodes, nodeClasses, hidden, n, "nodes");
	const position = constant(sinusoidalPositions(n, hidden), [1, n, hidden]);
	const placed = reshape(add(reshape(x, [batch, n, hidden]), position), [rows(n, "nodes"), hidden]);
	const e = places(scope.scope("pairs"), edges, EDGE_CLASSES, pair, n * n, "pairs");
	return { nodes: placed, pairs: e };
}

/** linear, ReLU, linear */
function embeddedCondition(scope: ParameterScope, conditions: Tensor, { condition }: DenoiserSize): Tensor {
	const given = conditions.shape[1] as number;
	const h = relu(denseLayer(scope.scope("hidden"), conditions, given, condition));
	return denseLayer(scope.scope("output"), h, condition, condition, 1);
}
