import { throwIfAborted } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { EDGE_CLASSES, type GraphShape, type Graphs, nodePairs } from "./graph-shape.js";
import { drawPrior, type Marginals } from "./marginals.js";
import { keptShare, type NoiseSchedule, samplingTimes } from "./noise-schedule.js";
import { drawClass, posteriors, type ReverseTimes, reverseStep } from "./transitions.js";

/** Logits of the classes at time 0: nodes flat [rows, nodes, classes], edges flat [rows, nodes, nodes, 2], of which the upper triangle is read. */
export interface Logits {
	readonly nodes: Float32Array;
	readonly edges: Float32Array;
}

/** The denoiser at a time, with guidance. */
export type LogitsOf = (graphs: Graphs, time: number) => Promise<Logits>;

export interface Denoising {
	readonly shape: GraphShape;
	readonly schedule: NoiseSchedule;
	readonly marginals: Marginals;
	/** Reverse steps, 1 … those of the schedule. */
	readonly jumps: number;
	/** Graphs to sample. */
	readonly rows: number;
	/** Logits are divided by this before each step; default 1, below 1 for likelier and more alike graphs. */
	readonly temperature?: number | undefined;
	readonly random: Random;
	readonly signal?: AbortSignal;
}

/** Graphs at time 0 from a draw of the marginals, by reverse steps of equal length. */
export async function denoise(
	{ shape, schedule, marginals, jumps, rows, temperature = 1, random, signal }: Denoising,
	logitsOf: LogitsOf,
): Promise<Graphs> {
	const times = samplingTimes(schedule, jumps);
	let graphs = drawPrior(shape, marginals, rows, random.fork("prior"));
	const own = random.fork("steps");
	for (const [k, time] of times.slice(0, -1).entries()) {
		throwIfAborted(signal);
		const alphas = { earlier: keptShare(schedule, times[k + 1]!), later: keptShare(schedule, time) };
		const step = { alphas, marginals, temperature };
		graphs = stepBack(shape, graphs, await logitsOf(graphs, time), step, own);
	}
	return graphs;
}

interface Step {
	readonly alphas: ReverseTimes;
	readonly marginals: Marginals;
	readonly temperature: number;
}

function stepBack(
	shape: GraphShape,
	graphs: Graphs,
	logits: Logits,
	{ alphas, marginals, temperature }: Step,
	random: Random,
): Graphs {
	const { nodes: n, nodeClasses } = shape;
	const pairs = nodePairs(shape);
	const known = {
		nodes: posteriors(alphas, marginals.nodes),
		edges: posteriors(alphas, marginals.edges),
	};
	const next = (xt: number, values: Float32Array, kind: "nodes" | "edges") =>
		drawClass(reverseStep(xt, softmax(values, temperature), known[kind]), random);
	const at = (values: Float32Array, place: number, width: number) =>
		values.subarray(place * width, (place + 1) * width);
	const nodes = graphs.nodes.map((xt, place) => next(xt, at(logits.nodes, place, nodeClasses), "nodes"));
	const edges = graphs.edges.map((xt, place) => {
		const [i, j] = pairs[place % pairs.length]!;
		const square = (Math.floor(place / pairs.length) * n + i) * n + j;
		return next(xt, at(logits.edges, square, EDGE_CLASSES), "edges");
	});
	return { count: graphs.count, nodes, edges };
}

function softmax(logits: Float32Array, temperature: number): number[] {
	const largest = Math.max(...logits);
	const weights = Array.from(logits, (value) => Math.exp((value - largest) / temperature));
	const sum = weights.reduce((a, b) => a + b, 0);
	return weights.map((value) => value / sum);
}
