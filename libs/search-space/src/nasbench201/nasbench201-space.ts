import type { Random } from "@archgen/random";
import { readObject } from "../fields.js";
import type { SearchSpace } from "../search-space.js";
import { checkTarget, type SpaceLimits, TARGET_LIMITS } from "../space-limits.js";
import { type ArchitectureTensors, type Decoded, invalid, readTensors, tensorsOf } from "../tensors.js";
import {
	NASBENCH201_EDGES,
	NASBENCH201_OPERATIONS,
	type NasBench201Operation,
	nasBench201Operations,
	nasBench201String,
} from "./nasbench201.js";
import { lowerNasBench201Operations } from "./nasbench201-network.js";
import { nasBench201Structure } from "./nasbench201-structure.js";

/** Operation on each of the six edges, in the order of `NASBENCH201_EDGES`. */
export type NasBench201Architecture = readonly NasBench201Operation[];

const INPUT = 0;
const OUTPUT = 1;
const CLASSES = ["input", "output", ...NASBENCH201_OPERATIONS];
const OPERATION_NODES = NASBENCH201_EDGES.length;
const LAST_NODE = OPERATION_NODES + 1;

/**
 * Line graph of the cell: node 0 is the input, node e + 1 the operation on edge e, node 7 the output; an operation feeds those on the edges that
 * start where its own ends.
 */
const LINE_GRAPH_EDGES = [
	...NASBENCH201_EDGES.flatMap(([from], e) => (from === 0 ? [[0, e + 1] as const] : [])),
	...NASBENCH201_EDGES.flatMap(([, end], e) =>
		NASBENCH201_EDGES.flatMap(([start], next) => (start === end ? [[e + 1, next + 1] as const] : [])),
	),
	...NASBENCH201_EDGES.flatMap(([, end], e) => (end === 3 ? [[e + 1, LAST_NODE] as const] : [])),
];

const SHAPE = {
	nodes: OPERATION_NODES + 2,
	classes: CLASSES,
	absentNodes: false,
	edges: LINE_GRAPH_EDGES,
} as const;

const LIMITS: SpaceLimits = { architectures: 5n ** 6n, ...TARGET_LIMITS };
const TARGET = { size: 32, classes: 10 };

/**
 * NAS-Bench-201 (Dong & Yang, ICLR 2020): cells of four nodes, one of five operations on each of the six edges. The network keeps that benchmark's
 * own semantics, see `lowerNasBench201`. JSON form: `{"arch": "|nor_conv_3x3~0|+…|"}`.
 */
export const nasBench201Space: SearchSpace<NasBench201Architecture> = {
	name: "nasbench201",
	title: "NAS-Bench-201",
	source: "Dong & Yang, ICLR 2020",
	limits: LIMITS,
	target: TARGET,
	tensorShape: SHAPE,
	random: (random) => NASBENCH201_EDGES.map(() => random.pick(NASBENCH201_OPERATIONS)),
	mutate: withOtherOperation,
	hash: nasBench201Structure,
	problem(architecture) {
		if (architecture.length !== OPERATION_NODES)
			return invalid("OPERATION_COUNT", "operations", `must be ${OPERATION_NODES}, one for each edge`);
		const unknown = architecture.findIndex((name) => !NASBENCH201_OPERATIONS.includes(name));
		if (unknown < 0) return undefined;
		const known = NASBENCH201_OPERATIONS.join(", ");
		return invalid("UNKNOWN_OPERATION", `operations[${unknown}]`, `must be one of ${known}`);
	},
	lower: (architecture, target = TARGET) =>
		lowerNasBench201Operations(architecture, checkTarget(LIMITS, target)),
	encode: (architecture) => tensorsOf(SHAPE, [INPUT, ...architecture.map(classOf), OUTPUT], LINE_GRAPH_EDGES),
	decode,
	toJson: (architecture) => ({ arch: nasBench201String(architecture) }),
	fromJson: (value) => nasBench201Operations(readObject(value, "", ["arch"]).arch),
};

function classOf(operation: NasBench201Operation): number {
	return CLASSES.indexOf(operation);
}

/** One edge gets another operation. */
function withOtherOperation(architecture: NasBench201Architecture, random: Random): NasBench201Architecture {
	const edge = random.integer(OPERATION_NODES);
	const others = NASBENCH201_OPERATIONS.filter((name) => name !== architecture[edge]);
	return architecture.map((name, e) => (e === edge ? random.pick(others) : name));
}

/** Reasons besides those of `readTensors`: INPUT_MISPLACED, OUTPUT_MISPLACED. */
function decode(tensors: ArchitectureTensors): Decoded<NasBench201Architecture> {
	const read = readTensors(SHAPE, tensors);
	if (!read.valid) return read;
	const { classes } = read.architecture;
	const input = classes.findIndex((label, node) => (label === INPUT) !== (node === 0));
	if (input >= 0)
		return { valid: false, ...invalid("INPUT_MISPLACED", `nodes[${input}]`, "node 0 alone is the input") };
	const output = classes.findIndex((label, node) => (label === OUTPUT) !== (node === LAST_NODE));
	if (output >= 0)
		return {
			valid: false,
			...invalid("OUTPUT_MISPLACED", `nodes[${output}]`, `node ${LAST_NODE} alone is the output`),
		};
	const operations = classes.slice(1, -1).map((label) => CLASSES[label] as NasBench201Operation);
	return { valid: true, architecture: operations };
}
