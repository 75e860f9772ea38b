import { invalidArgument } from "@archgen/errors";
import { canonicalGraph } from "./canonical.js";
import type { Cell } from "./cell.js";
import { labelsOf } from "./cell-graph.js";
import { KERNELS, MAX_OPERATIONS, OPERATION_TYPES, type Operation } from "./operation.js";

/** Nodes of the GraphNet form: global, input, up to six operations, output. */
const GRAPHNET_NODES = MAX_OPERATIONS + 3;
/** Features of the GraphNet form: nine types, then input, output, global, then three kernels. */
const GRAPHNET_FEATURES = OPERATION_TYPES.length + 3 + KERNELS.length;

const INPUT = OPERATION_TYPES.length;
const OUTPUT = INPUT + 1;
const FIRST_KERNEL = INPUT + 3;

type Matrix = readonly (readonly number[])[];

/**
 * The cell of a GraphNet matrix pair. Row and column 0 are the global node and the diagonal is ignored; rows after the
 * output are padding.
 *
 * @param adjacency 9 × 9, 0/1
 * @param features 9 × 15, one-hot over types (columns 0 … 11) and over kernels (12 … 14)
 * @throws ArchgenError INVALID_ARGUMENT naming the matrix, or the row, that is wrong
 */
export function cellFromGraphNet(adjacency: Matrix, features: Matrix): Cell {
	checkShape("adj", adjacency, GRAPHNET_NODES);
	checkShape("ops", features, GRAPHNET_FEATURES);
	const output = features.findIndex((row) => row[OUTPUT] === 1);
	if (output < 2 || features[1]![INPUT] !== 1)
		throw invalidArgument("ops", "row 1 must be the input and a later row the output", "INVALID_GRAPHNET");
	const operations = features.slice(2, output).map((row, i) => operationOf(row, `ops[${i + 2}]`));
	const nodes = Array.from({ length: output }, (_, i) => i + 1);
	const parents = nodes.map((to) =>
		nodes.reduce(
			(mask, from) => (from !== to && adjacency[from]![to] === 1 ? mask | (1 << (from - 1)) : mask),
			0,
		),
	);
	return canonicalGraph({ labels: labelsOf(operations), parents }, "adj");
}

function operationOf(row: readonly number[], field: string): Operation {
	const type = OPERATION_TYPES[row.indexOf(1)];
	const kernel = KERNELS[row.indexOf(1, FIRST_KERNEL) - FIRST_KERNEL];
	if (type === undefined || kernel === undefined)
		throw invalidArgument(field, "marks no operation type or no kernel", "UNKNOWN_OPERATION");
	return { type, kernel };
}

function checkShape(field: string, matrix: Matrix, columns: number): void {
	const regular = matrix.length === GRAPHNET_NODES && matrix.every((row) => row.length === columns);
	if (!regular) throw invalidArgument(field, `must be ${GRAPHNET_NODES} × ${columns}`, "INVALID_GRAPHNET");
	if (matrix.some((row) => row.some((entry) => entry !== 0 && entry !== 1)))
		throw invalidArgument(field, "must hold only 0 and 1", "INVALID_GRAPHNET");
}
