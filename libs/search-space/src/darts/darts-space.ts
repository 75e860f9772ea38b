import { invalidArgument } from "@archgen/errors";
import { type Random, shuffled } from "@archgen/random";
import { readArray, readObject } from "../fields.js";
import type { ArchitectureSpace } from "../search-space.js";
import {
	type ArchitectureTensors,
	type Decoded,
	type Invalid,
	invalid,
	readTensors,
	tensorsOf,
} from "../tensors.js";

/** Operations of DARTS. */
const DARTS_OPERATIONS = [
	"max_pool_3x3",
	"avg_pool_3x3",
	"skip_connect",
	"sep_conv_3x3",
	"sep_conv_5x5",
	"dil_conv_3x3",
	"dil_conv_5x5",
] as const;

export type DartsOperation = (typeof DARTS_OPERATIONS)[number];

/** An operation and the state that it reads: 0 and 1 are the two cells before, 2 … 5 the cell's own nodes. */
export type DartsEdge = readonly [operation: DartsOperation, input: number];

/** Eight edges: the first two make state 2, the next two state 3, and so on. */
export type DartsCell = readonly DartsEdge[];

/** A normal cell and one that halves the image. */
export interface DartsArchitecture {
	readonly normal: DartsCell;
	readonly reduce: DartsCell;
}

const KINDS = ["normal", "reduce"] as const;
const STATES = 4;
const EDGES = 2 * STATES;
/** Two inputs, eight operations, output. */
const CELL_NODES = EDGES + 3;
const OUTPUT_NODE = CELL_NODES - 1;
const FIRST_OPERATION = 3;
const SHAPE = {
	nodes: 2 * CELL_NODES,
	classes: ["c_{k-2}", "c_{k-1}", "output", ...DARTS_OPERATIONS],
	absentNodes: false,
	edges: null,
} as const;
/** Ordered pairs of different inputs and operations of each state. */
const CELL_COUNT = [2n, 6n, 12n, 20n].reduce((product, pairs) => product * pairs * 49n, 1n);

/**
 * The space of DARTS (Liu et al., ICLR 2019), which NAS-Bench-301 predicts: four states a cell, each the sum of two operations on earlier states. JSON
 * form: `{"normal": [["sep_conv_3x3", 1], …], "reduce": […]}`, as in published genotypes. As tensors eleven nodes for each cell, normal first: two
 * inputs, eight operations, the output. An operation is fed by an input, or by both operations of the state that it reads; all feed the output.
 */
export const dartsSpace: ArchitectureSpace<DartsArchitecture> = {
	name: "darts",
	title: "DARTS",
	source: "Liu et al., ICLR 2019",
	limits: { architectures: CELL_COUNT ** 2n },
	tensorShape: SHAPE,
	random: (stream) => ({ normal: randomCell(stream), reduce: randomCell(stream) }),
	mutate(architecture, stream) {
		const kind = stream.pick(KINDS);
		return { ...architecture, [kind]: mutateCell(architecture[kind], stream) };
	},
	hash: ({ normal, reduce }) => `${canonicalCell(normal)}/${canonicalCell(reduce)}`,
	problem: dartsProblem,
	encode(architecture) {
		const cells = KINDS.map((kind) => architecture[kind]);
		const classes = cells.flatMap((cell) => [
			0,
			1,
			...cell.map(([operation]) => FIRST_OPERATION + DARTS_OPERATIONS.indexOf(operation)),
			2,
		]);
		const edges = cells.flatMap((cell, c) =>
			cellEdges(cell).map(([from, to]) => [c * CELL_NODES + from, c * CELL_NODES + to] as const),
		);
		return tensorsOf(SHAPE, classes, edges);
	},
	decode,
	toJson: ({ normal, reduce }) => ({ normal, reduce }),
	fromJson,
};

/** Inputs of the edges of a state are two different earlier states. */
function randomCell(stream: Random): DartsCell {
	return Array.from({ length: STATES }, (_, state) => {
		const earlier = Array.from({ length: state + 2 }, (_, i) => i);
		const inputs = shuffled(stream, earlier).slice(0, 2);
		return inputs.map((input): DartsEdge => [stream.pick(DARTS_OPERATIONS), input]);
	}).flat();
}

/** One edge gets another operation or, where there is one, another input. */
function mutateCell(cell: DartsCell, stream: Random): DartsCell {
	const at = stream.integer(EDGES);
	const [operation, input] = cell[at]!;
	const taken = [input, cell[at ^ 1]![1]];
	const inputs = Array.from({ length: stateOf(at) + 2 }, (_, i) => i).filter((i) => !taken.includes(i));
	if (inputs.length > 0 && stream.integer(2) === 0) return cell.with(at, [operation, stream.pick(inputs)]);
	const others = DARTS_OPERATIONS.filter((name) => name !== operation);
	return cell.with(at, [stream.pick(others), input]);
}

/** State, from 0, that an edge belongs to. */
function stateOf(edge: number): number {
	return Math.floor(edge / 2);
}

/** Smallest text of a cell over all orders of its states and of the two edges of each. */
function canonicalCell(cell: DartsCell): string {
	const texts: string[] = [];
	const place = (order: readonly number[]) => {
		if (order.length === STATES) texts.push(cellText(cell, order));
		for (let state = 0; state < STATES; state++) {
			if (order.includes(state)) continue;
			const inputs = [cell[2 * state]![1], cell[2 * state + 1]![1]];
			if (inputs.every((input) => input < 2 || order.includes(input - 2))) place([...order, state]);
		}
	};
	place([]);
	return texts.sort()[0]!;
}

function cellText(cell: DartsCell, order: readonly number[]): string {
	const numberOf = (input: number) => (input < 2 ? input : 2 + order.indexOf(input - 2));
	const states = order.map((state) =>
		[cell[2 * state]!, cell[2 * state + 1]!]
			.map(([operation, input]) => `${operation}~${numberOf(input)}`)
			.sort()
			.join("|"),
	);
	return states.join("+");
}

/** Edges of a cell's graph of eleven nodes. */
function cellEdges(cell: DartsCell): [number, number][] {
	return cell.flatMap(([, input], e): [number, number][] => [
		...sourcesOf(input).map((from): [number, number] => [from, e + 2]),
		[e + 2, OUTPUT_NODE],
	]);
}

/** Nodes that make a state: an input, or both operations of a state of the cell. */
function sourcesOf(input: number): number[] {
	return input < 2 ? [input] : [2 * input - 2, 2 * input - 1];
}

/** Reasons: EDGE_COUNT, UNKNOWN_OPERATION, INPUT_NOT_EARLIER, INPUT_TWICE. */
function dartsProblem(architecture: DartsArchitecture): Invalid | undefined {
	for (const kind of KINDS) {
		const cell = architecture[kind];
		if (cell.length !== EDGES) return invalid("EDGE_COUNT", kind, `must have ${EDGES} edges`);
		for (const [e, [operation, input]] of cell.entries()) {
			if (!DARTS_OPERATIONS.includes(operation))
				return invalid(
					"UNKNOWN_OPERATION",
					`${kind}[${e}]`,
					`must be one of ${DARTS_OPERATIONS.join(", ")}, got ${JSON.stringify(operation)}`,
				);
			const last = stateOf(e) + 1;
			if (!Number.isInteger(input) || input < 0 || input > last)
				return invalid("INPUT_NOT_EARLIER", `${kind}[${e}]`, `must read a state from 0 to ${last}`);
			if (e % 2 === 1 && input === cell[e - 1]![1])
				return invalid("INPUT_TWICE", `${kind}[${e}]`, "reads the same state as the edge before");
		}
	}
	return undefined;
}

/** Reasons besides those of `readTensors` and of architectures: WRONG_CLASS, WRONG_EDGE. */
function decode(tensors: ArchitectureTensors): Decoded<DartsArchitecture> {
	const read = readTensors(SHAPE, tensors);
	if (!read.valid) return read;
	const { classes, edges } = read.architecture;
	const feeding = Array.from({ length: SHAPE.nodes }, (): number[] => []);
	for (const [from, to] of edges) feeding[to]!.push(from);
	const cells: DartsCell[] = [];
	for (const first of [0, CELL_NODES]) {
		const own = classes.slice(first, first + CELL_NODES);
		const wrong = own.findIndex((label, node) => !fits(label, node));
		if (wrong >= 0)
			return { valid: false, ...invalid("WRONG_CLASS", `nodes[${first + wrong}]`, "is of another class") };
		const parents = feeding
			.slice(first, first + CELL_NODES)
			.map((sources) => sources.map((from) => from - first));
		const cell = cellOf(own, parents);
		if (typeof cell === "number")
			return {
				valid: false,
				...invalid("WRONG_EDGE", `nodes[${first + cell}]`, "does not read exactly one state"),
			};
		cells.push(cell);
	}
	const architecture = { normal: cells[0]!, reduce: cells[1]! };
	const problem = dartsProblem(architecture);
	return problem ? { valid: false, ...problem } : { valid: true, architecture };
}

/** Whether a node of a cell may have a class. */
function fits(label: number, node: number): boolean {
	if (node < 2) return label === node;
	return node === OUTPUT_NODE ? label === 2 : label >= FIRST_OPERATION;
}

/** The cell of classes and parents, or the node whose parents are none that a cell can have. */
function cellOf(classes: readonly number[], parents: readonly (readonly number[])[]): DartsCell | number {
	const inputs = [0, 1, 2, 3, 4, 5];
	const edges: DartsEdge[] = [];
	for (let node = 0; node < 2; node++) if (parents[node]!.length > 0) return node;
	for (let node = 2; node < OUTPUT_NODE; node++) {
		const input = inputs.find((state) => sourcesOf(state).join() === parents[node]!.join());
		if (input === undefined) return node;
		edges.push([DARTS_OPERATIONS[classes[node]! - FIRST_OPERATION]!, input]);
	}
	const all = Array.from({ length: EDGES }, (_, e) => e + 2);
	return parents[OUTPUT_NODE]!.join() === all.join() ? edges : OUTPUT_NODE;
}

function fromJson(value: unknown): DartsArchitecture {
	const document = readObject(value, "", KINDS);
	const [normal, reduce] = KINDS.map((kind) =>
		readArray(document[kind], kind).map((edge, e): DartsEdge => {
			const pair = readArray(edge, `${kind}[${e}]`);
			if (pair.length !== 2)
				throw invalidArgument(`${kind}[${e}]`, "must be a pair [operation, input]", "INVALID_EDGE");
			return pair as unknown as DartsEdge;
		}),
	) as unknown as [DartsCell, DartsCell];
	const architecture = { normal, reduce };
	const problem = dartsProblem(architecture);
	if (problem) throw invalidArgument(problem.field, problem.message, problem.reason);
	return architecture;
}
