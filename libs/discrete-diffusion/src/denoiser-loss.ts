import type { Random } from "@archgen/random";
import {
	add,
	f32,
	input,
	type LossTerms,
	logSoftmax,
	mul,
	ParameterScope,
	reduceSum,
	scalar,
	type Tensor,
	type TensorValue,
} from "@archgen/tensor-graph";
import { EDGE_CLASSES, type GraphShape, type Graphs, oneHotGraphs } from "./graph-shape.js";
import { type Marginals, noised } from "./marginals.js";
import { denoiser } from "./network/denoiser.js";
import { denoiserInputs } from "./network/denoiser-inputs.js";
import type { DenoiserSize } from "./network/denoiser-size.js";
import { keptShare, type NoiseSchedule } from "./noise-schedule.js";
import type { DrawnRows } from "./training-data.js";

/** Weight of the cross-entropy of edges beside that of nodes, as published. */
const EDGE_WEIGHT = 5;

export interface DenoiserLoss extends LossTerms {
	readonly parameters: ParameterScope;
}

/**
 * Cross-entropy of the clean classes given the noised ones, CE(nodes) + 5 CE(edges), each averaged over its places. Batches are those of
 * {@link denoiserBatch}.
 *
 * @param conditions width of the conditions, 0 for none
 */
export function denoiserLoss(
	shape: GraphShape,
	size: DenoiserSize,
	conditions: number,
	rows: number,
): DenoiserLoss {
	const { nodes: n, nodeClasses } = shape;
	const parameters = new ParameterScope();
	const logits = denoiser(parameters, denoiserInputs(shape, size, conditions, rows), shape, size);
	const nodes = crossEntropy(logits.nodes, input("cleanNodes", [rows, n, nodeClasses]), rows * n);
	const edges = crossEntropy(
		logits.edges,
		input("cleanEdges", [rows, n, n, EDGE_CLASSES]),
		rows * n * (n - 1),
	);
	return {
		loss: add(nodes, mul(edges, scalar(EDGE_WEIGHT))),
		metrics: { nodeLoss: nodes, edgeLoss: edges },
		parameters,
	};
}

/** −Σ target ln softmax(logits) / count; rows of zeros in the target do not count. */
function crossEntropy(logits: Tensor, target: Tensor, count: number): Tensor {
	return mul(reduceSum(mul(target, logSoftmax(logits))), scalar(-1 / count));
}

/** One training batch, a function of the random stream alone; its times are stratified over 1 … steps. */
export function denoiserBatch(
	shape: GraphShape,
	{ graphs, conditions }: DrawnRows,
	marginals: Marginals,
	schedule: NoiseSchedule,
	random: Random,
): Record<string, TensorValue> {
	const { count: rows } = graphs;
	const times = Float32Array.from(
		{ length: rows },
		(_, row) => 1 + Math.floor(((row + random.uniform()) * schedule.steps) / rows),
	);
	const kept = [...times].map((t) => keptShare(schedule, t));
	const clean = graphTensors(shape, graphs);
	const noisy = graphTensors(
		shape,
		noised(graphs, marginals, (row) => kept[row]!, random),
	);
	return {
		...{ nodes: noisy.nodes, edges: noisy.edges, cleanNodes: clean.nodes, cleanEdges: clean.edges },
		conditions: f32(conditions, [rows, conditions.length / rows]),
		time: f32(times, [rows, 1]),
	};
}

/** Graphs as values of the network's inputs. */
export function graphTensors(
	shape: GraphShape,
	graphs: Graphs,
): { readonly nodes: TensorValue; readonly edges: TensorValue } {
	const { nodes: n, nodeClasses } = shape;
	const { nodes, edges } = oneHotGraphs(shape, graphs);
	return {
		nodes: f32(nodes, [graphs.count, n, nodeClasses]),
		edges: f32(edges, [graphs.count, n, n, EDGE_CLASSES]),
	};
}
