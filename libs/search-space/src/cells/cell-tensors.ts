import type { Cell } from "../cell.js";
import {
	KERNELS,
	MAX_OPERATIONS,
	OPERATION_TYPES,
	operationFromLabel,
	operationLabel,
} from "../operation.js";
import { normalizeCell, RAW_NODES, type RawOperation } from "../raw-cell.js";
import {
	ABSENT,
	absentProblem,
	type Decoded,
	decodedOrInvalid,
	endsProblem,
	type Invalid,
	invalid,
	type NodesAndEdges,
} from "../tensors.js";

const LABELS = OPERATION_TYPES.length * KERNELS.length;
const INPUT = 0;
const OUTPUT = 1;
const FIRST_OPERATION = 2;
const SKIP = FIRST_OPERATION + LABELS;
const LAST_NODE = RAW_NODES - 1;
const ENDS = { input: { label: INPUT, node: 0 }, output: { label: OUTPUT, node: LAST_NODE } };

/** Classes of a cell's nodes: input, output, the 27 operations in the order of `operationLabel`, skip. */
export const CELL_CLASSES: readonly string[] = [
	"input",
	"output",
	...Array.from({ length: LABELS }, (_, label) => {
		const { type, kernel } = operationFromLabel(label);
		return `${type}/${kernel}`;
	}),
	"skip",
];

/** A cell as eight nodes: input, six places for operations of which the last ones may be absent, output. */
export function cellNodes({ operations, edges }: Cell): NodesAndEdges {
	const labels = operations.map(({ type, kernel }) => FIRST_OPERATION + operationLabel(type, kernel)!);
	const absent = new Array<number>(MAX_OPERATIONS - operations.length).fill(ABSENT);
	const output = operations.length + 1;
	const place = (node: number) => (node === output ? LAST_NODE : node);
	return {
		classes: [INPUT, ...labels, ...absent, OUTPUT],
		edges: edges.map(([from, to]) => [place(from), place(to)] as const),
	};
}

/**
 * The normalised cell of eight nodes: skips are dissolved, nodes on no path from input to output dropped.
 *
 * Reasons: INPUT_MISPLACED, OUTPUT_MISPLACED, UNKNOWN_OPERATION, ABSENT_NODE_JOINED, and those of `normalizeCell`.
 */
export function cellOfNodes({ classes, edges }: NodesAndEdges): Decoded<Cell> {
	const problem = nodesProblem({ classes, edges });
	if (problem) return { valid: false, ...problem };
	const adjacency = Array.from({ length: RAW_NODES }, () => new Array<number>(RAW_NODES).fill(0));
	for (const [from, to] of edges) adjacency[from]![to] = 1;
	const operations = classes.slice(1, -1).map(rawOperation);
	return decodedOrInvalid(() => normalizeCell({ adjacency, operations }));
}

function nodesProblem({ classes, edges }: NodesAndEdges): Invalid | undefined {
	const misplaced = endsProblem(classes, ENDS);
	if (misplaced) return misplaced;
	const unknown = classes.findIndex((label) => label > SKIP);
	if (unknown >= 0) return invalid("UNKNOWN_OPERATION", `nodes[${unknown}]`, "is no operation of a cell");
	return absentProblem({ classes, edges });
}

/** An absent node has no edges, so that as a skip it vanishes. */
function rawOperation(label: number): RawOperation {
	return label === ABSENT || label === SKIP
		? { type: "skip", kernel: 1 }
		: operationFromLabel(label - FIRST_OPERATION);
}
