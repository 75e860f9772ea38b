import { CELL_CLASSES, cellNodes, cellOfNodes } from "../cells/cell-tensors.js";
import { NETWORK_LIMITS } from "../limits.js";
import type { Stage, Stride } from "../network.js";
import { RAW_NODES } from "../raw-cell.js";
import { ABSENT, type Decoded, invalid, type NodesAndEdges, type TensorShape } from "../tensors.js";
import type { HierarchicalArchitecture } from "./hierarchical-architecture.js";

const { channels: WIDTHS, repeats: REPEATS, cells: CELLS } = NETWORK_LIMITS;
const WIDTH_COUNT = WIDTHS.maximum / WIDTHS.multipleOf;
const FIRST_WIDTH = CELL_CLASSES.length;
const FIRST_STRIDE = FIRST_WIDTH + WIDTH_COUNT;
const FIRST_REPEATS = FIRST_STRIDE + 2;
/** Width, stride, repeats, then the nodes of the cell. */
const MACRO_NODES = 3;
const STAGE_NODES = MACRO_NODES + RAW_NODES;
const STAGES = CELLS.maximum;
const FINAL_NODE = STAGES * STAGE_NODES;

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/**
 * A network as one graph: eleven nodes for each of 20 stages, of which the last ones may be absent, and one for the width of the head. The first
 * three nodes of a stage are its width, stride and repeats; they lead in a row to the input of its cell, and the cell's output leads to the next
 * stage, the last one's to the head.
 */
export const HIERARCHICAL_SHAPE: TensorShape = {
	nodes: FINAL_NODE + 1,
	classes: [
		...CELL_CLASSES,
		...numbers(WIDTH_COUNT).map((i) => `channels/${i * WIDTHS.multipleOf}`),
		"stride/1",
		"stride/2",
		...numbers(REPEATS.maximum).map((i) => `repeats/${i}`),
	],
	absentNodes: true,
	edges: null,
};

const widthClass = (channels: number) => FIRST_WIDTH + channels / WIDTHS.multipleOf - 1;

/** Edges between the parts of the graph of so many stages. */
function macroEdges(stages: number): [number, number][] {
	return Array.from({ length: stages }, (_, s): [number, number][] => {
		const first = s * STAGE_NODES;
		const cell = first + MACRO_NODES;
		const next = s === stages - 1 ? FINAL_NODE : first + STAGE_NODES;
		return [
			[first, first + 1],
			[first + 1, first + 2],
			[first + 2, cell],
			[cell + RAW_NODES - 1, next],
		];
	}).flat();
}

/** Node classes and edges of an architecture. */
export function hierarchicalNodes({ stages, finalChannels }: HierarchicalArchitecture): NodesAndEdges {
	const classes = new Array<number>(FINAL_NODE + 1).fill(ABSENT);
	const edges = macroEdges(stages.length);
	stages.forEach(({ cell, channels, stride, repeats }, s) => {
		const own = cellNodes(cell);
		const macro = [widthClass(channels), FIRST_STRIDE + stride - 1, FIRST_REPEATS + repeats - 1];
		[...macro, ...own.classes].forEach((label, i) => {
			classes[s * STAGE_NODES + i] = label;
		});
		const first = s * STAGE_NODES + MACRO_NODES;
		for (const [from, to] of own.edges) edges.push([first + from, first + to]);
	});
	classes[FINAL_NODE] = widthClass(finalChannels);
	return { classes, edges };
}

/** Reasons besides those of the cells: NO_STAGE, WRONG_CLASS, WRONG_EDGE. */
export function hierarchicalOfNodes({ classes, edges }: NodesAndEdges): Decoded<HierarchicalArchitecture> {
	const count = presentStages(classes);
	if (count === 0) return { valid: false, ...invalid("NO_STAGE", "nodes[0]", "the first stage is absent") };
	const wrongEdge = edgeProblem(count, edges);
	if (wrongEdge) return { valid: false, ...wrongEdge };
	const stages: Stage[] = [];
	for (let s = 0; s < count; s++) {
		const stage = stageOf(s, classes, edges);
		if (!stage.valid) return stage;
		stages.push(stage.architecture);
	}
	const finalChannels = macroNumber(classes, FINAL_NODE, FIRST_WIDTH, WIDTH_COUNT);
	if (!finalChannels.valid) return finalChannels;
	return {
		valid: true,
		architecture: { stages, finalChannels: finalChannels.architecture * WIDTHS.multipleOf },
	};
}

/** Stages up to the first absent one. */
function presentStages(classes: readonly number[]): number {
	let count = 0;
	while (count < STAGES && classes[count * STAGE_NODES] !== ABSENT) count++;
	return count;
}

/** The macro edges must be there, and all others lie inside a cell. */
function edgeProblem(stages: number, edges: NodesAndEdges["edges"]) {
	const missing = new Set(macroEdges(stages).map(String));
	for (const [from, to] of edges) {
		if (missing.delete(`${from},${to}`)) continue;
		const [stage, place] = [Math.floor(from / STAGE_NODES), from % STAGE_NODES];
		const inside = stage < stages && stage === Math.floor(to / STAGE_NODES) && place >= MACRO_NODES;
		if (!inside) return invalid("WRONG_EDGE", `adjacency[${from}][${to}]`, "joins different parts");
	}
	const [first] = missing;
	return first && invalid("WRONG_EDGE", `adjacency[${first.replace(",", "][")}]`, "is missing");
}

function stageOf(s: number, classes: readonly number[], edges: NodesAndEdges["edges"]): Decoded<Stage> {
	const first = s * STAGE_NODES;
	const channels = macroNumber(classes, first, FIRST_WIDTH, WIDTH_COUNT);
	if (!channels.valid) return channels;
	const stride = macroNumber(classes, first + 1, FIRST_STRIDE, 2);
	if (!stride.valid) return stride;
	const repeats = macroNumber(classes, first + 2, FIRST_REPEATS, REPEATS.maximum);
	if (!repeats.valid) return repeats;
	const start = first + MACRO_NODES;
	const inside = (node: number) => node >= start && node < start + RAW_NODES;
	const cell = cellOfNodes({
		classes: classes.slice(start, start + RAW_NODES),
		edges: edges
			.filter(([from, to]) => inside(from) && inside(to))
			.map(([from, to]) => [from - start, to - start] as const),
	});
	if (!cell.valid) return { ...cell, field: `stages[${s}].${cell.field}` };
	return {
		valid: true,
		architecture: {
			cell: cell.architecture,
			channels: channels.architecture * WIDTHS.multipleOf,
			stride: stride.architecture as Stride,
			repeats: repeats.architecture,
		},
	};
}

/** The number 1 … count that the class of a macro node means. */
function macroNumber(
	classes: readonly number[],
	node: number,
	first: number,
	count: number,
): Decoded<number> {
	const number = classes[node]! - first + 1;
	if (number >= 1 && number <= count) return { valid: true, architecture: number };
	const [from, to] = [HIERARCHICAL_SHAPE.classes[first], HIERARCHICAL_SHAPE.classes[first + count - 1]];
	return {
		valid: false,
		...invalid("WRONG_CLASS", `nodes[${node}]`, `must be one of ${from} to ${to}`),
	};
}
