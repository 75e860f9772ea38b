import { invalidArgument } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { canonicalCode, graphOfCode } from "../canonical.js";
import { parentMasks } from "../cell-graph.js";
import { readArray, readObject } from "../fields.js";
import type { ArchitectureSpace } from "../search-space.js";
import {
	ABSENT,
	type ArchitectureTensors,
	absentProblem,
	type Decoded,
	decodedOrInvalid,
	endsProblem,
	type Invalid,
	invalid,
	readTensors,
	tensorsOf,
} from "../tensors.js";

/** Operations of NAS-Bench-101; a convolution is followed by batch normalisation and ReLU. */
export const NASBENCH101_OPERATIONS = ["conv1x1-bn-relu", "conv3x3-bn-relu", "maxpool3x3"] as const;

export type NasBench101Operation = (typeof NASBENCH101_OPERATIONS)[number];

/** A cell in canonical order: node 0 is the input, then the operations, last the output. Every node lies on a path between them. */
export interface NasBench101Architecture {
	/** At most five. */
	readonly operations: readonly NasBench101Operation[];
	/** Pairs (from, to), sorted, at most nine. */
	readonly edges: readonly (readonly [number, number])[];
}

const VERTICES = 7;
const MAX_OPERATIONS = VERTICES - 2;
const MAX_EDGES = 9;
const INPUT = 0;
const OUTPUT = 1;
const FIRST_OPERATION = 2;
const LAST_NODE = VERTICES - 1;
const ENDS = { input: { label: INPUT, node: 0 }, output: { label: OUTPUT, node: LAST_NODE } };
const SHAPE = {
	nodes: VERTICES,
	classes: ["input", "output", ...NASBENCH101_OPERATIONS],
	absentNodes: true,
	edges: null,
} as const;

/**
 * The cells of NAS-Bench-101 (Ying et al., ICML 2019): at most seven vertices and nine edges, three operations. JSON form:
 * `{"operations": ["conv3x3-bn-relu"], "edges": [[0, 1], [1, 2]]}`. As tensors seven nodes, of which the last ones before the output may be absent.
 */
export const nasBench101Space: ArchitectureSpace<NasBench101Architecture> = {
	name: "nasbench101",
	title: "NAS-Bench-101",
	source: "Ying et al., ICML 2019",
	/** Distinct cells, the published number. */
	limits: { architectures: 423_624n },
	tensorShape: SHAPE,
	random,
	mutate,
	hash: (architecture) => JSON.stringify(codeOf(architecture)),
	problem,
	encode({ operations, edges }) {
		const labels = operations.map((name) => FIRST_OPERATION + NASBENCH101_OPERATIONS.indexOf(name));
		const absent = new Array<number>(MAX_OPERATIONS - operations.length).fill(ABSENT);
		const place = (node: number) => (node === operations.length + 1 ? LAST_NODE : node);
		return tensorsOf(
			SHAPE,
			[INPUT, ...labels, ...absent, OUTPUT],
			edges.map(([from, to]) => [place(from), place(to)] as const),
		);
	},
	decode,
	toJson: ({ operations, edges }) => ({ operations, edges }),
	fromJson,
};

/**
 * The canonical cell of operations and edges: vertices on no path from input to output are dropped, as in the benchmark.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason UNKNOWN_OPERATION, TOO_MANY_OPERATIONS, INVALID_EDGE, CELL_CYCLIC, CELL_NOT_CONNECTED or
 *   TOO_MANY_EDGES
 */
export function nasBench101Cell(
	operations: readonly string[],
	edges: readonly (readonly [number, number])[],
): NasBench101Architecture {
	const { labels, edges: kept } = graphOfCode(codeOf({ operations, edges }));
	if (kept.length > MAX_EDGES)
		throw invalidArgument("edges", `must be at most ${MAX_EDGES}, got ${kept.length}`, "TOO_MANY_EDGES");
	return { operations: labels.map((label) => NASBENCH101_OPERATIONS[label]!), edges: kept };
}

function codeOf(draft: {
	readonly operations: readonly string[];
	readonly edges: NasBench101Architecture["edges"];
}): readonly number[] {
	const { operations, edges } = draft;
	if (operations.length > MAX_OPERATIONS)
		throw invalidArgument("operations", `must be at most ${MAX_OPERATIONS}`, "TOO_MANY_OPERATIONS");
	const labels = operations.map((name, i) => {
		const label = (NASBENCH101_OPERATIONS as readonly string[]).indexOf(name);
		if (label >= 0) return label;
		const known = NASBENCH101_OPERATIONS.join(", ");
		throw invalidArgument(`operations[${i}]`, `must be one of ${known}`, "UNKNOWN_OPERATION");
	});
	return canonicalCode({ labels, parents: parentMasks(operations.length, edges) });
}

/** Seven vertices, each edge with probability ½, operations uniform; drawn again until the cell is valid. */
function random(stream: Random): NasBench101Architecture {
	for (;;) {
		const operations = Array.from({ length: MAX_OPERATIONS }, () => stream.pick(NASBENCH101_OPERATIONS));
		const edges: [number, number][] = [];
		for (let from = 0; from < LAST_NODE; from++)
			for (let to = from + 1; to < VERTICES; to++) if (stream.integer(2) === 1) edges.push([from, to]);
		const drawn = decodedOrInvalid(() => nasBench101Cell(operations, edges));
		if (drawn.valid) return drawn.architecture;
	}
}

/**
 * Another cell: in a graph of seven vertices whose spare ones are random operations without edges, one edge appears or goes, or one operation becomes
 * another; drawn again until the cell differs and is valid.
 */
function mutate(architecture: NasBench101Architecture, stream: Random): NasBench101Architecture {
	const before = JSON.stringify(codeOf(architecture));
	for (;;) {
		let edited = spread(architecture, stream);
		// a spare vertex needs two edges before it counts
		for (let i = 0; i <= stream.integer(3); i++) edited = edit(edited, stream);
		const drawn = decodedOrInvalid(() => nasBench101Cell(edited.operations, edited.edges));
		if (drawn.valid && JSON.stringify(codeOf(drawn.architecture)) !== before) return drawn.architecture;
	}
}

/** The cell with five operations, the additional ones without edges at random places in the order. */
function spread({ operations, edges }: NasBench101Architecture, stream: Random): NasBench101Architecture {
	const all = [...operations];
	let joined = edges;
	while (all.length < MAX_OPERATIONS) {
		const at = 1 + stream.integer(all.length + 1);
		all.splice(at - 1, 0, stream.pick(NASBENCH101_OPERATIONS));
		joined = joined.map(([from, to]) => [from >= at ? from + 1 : from, to >= at ? to + 1 : to] as const);
	}
	return { operations: all, edges: joined };
}

function edit({ operations, edges }: NasBench101Architecture, stream: Random): NasBench101Architecture {
	if (stream.integer(2) === 0) {
		const at = stream.integer(operations.length);
		return { operations: operations.with(at, stream.pick(NASBENCH101_OPERATIONS)), edges };
	}
	const from = stream.integer(LAST_NODE);
	const to = from + 1 + stream.integer(LAST_NODE - from);
	const rest = edges.filter(([a, b]) => a !== from || b !== to);
	return { operations, edges: rest.length < edges.length ? rest : [...edges, [from, to]] };
}

/** Reasons: those of {@link nasBench101Cell}, and CELL_NOT_NORMAL. */
function problem(architecture: NasBench101Architecture): Invalid | undefined {
	const made = decodedOrInvalid(() => nasBench101Cell(architecture.operations, architecture.edges));
	if (!made.valid) return made;
	const { operations, edges } = architecture;
	if (JSON.stringify(made.architecture) === JSON.stringify({ operations, edges })) return undefined;
	return invalid("CELL_NOT_NORMAL", "operations", "are not in canonical order or lie on no path");
}

/** Reasons besides those of `readTensors`: INPUT_MISPLACED, OUTPUT_MISPLACED, ABSENT_NODE_JOINED, CELL_NOT_CONNECTED, TOO_MANY_EDGES. */
function decode(tensors: ArchitectureTensors): Decoded<NasBench101Architecture> {
	const read = readTensors(SHAPE, tensors);
	if (!read.valid) return read;
	const { classes, edges } = read.architecture;
	const broken = endsProblem(classes, ENDS) ?? absentProblem({ classes, edges });
	if (broken) return { valid: false, ...broken };
	// An absent node has no edges, so that any operation stands for it until it is dropped.
	const operations = classes
		.slice(1, -1)
		.map((label) => NASBENCH101_OPERATIONS[Math.max(0, label - FIRST_OPERATION)]!);
	return decodedOrInvalid(() => nasBench101Cell(operations, edges));
}

function fromJson(value: unknown): NasBench101Architecture {
	const document = readObject(value, "", ["operations", "edges"]);
	const operations = readArray(document.operations, "operations").map(String);
	const edges = readArray(document.edges, "edges").map((edge, i): [number, number] => {
		const pair = readArray(edge, `edges[${i}]`);
		if (pair.length === 2 && pair.every(Number.isInteger)) return pair as [number, number];
		throw invalidArgument(`edges[${i}]`, "must be a pair [from, to] of node numbers", "INVALID_EDGE");
	});
	return nasBench101Cell(operations, edges);
}
