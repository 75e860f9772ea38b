import { invalidArgument } from "@archgen/errors";
import { MAX_OPERATIONS, OPERATION_TYPES, type Operation, operationLabel } from "./operation.js";

/**
 * A normalised cell: node 0 is the input, 1 … n the operations (n ≤ 6), n + 1 the output, which only adds.
 *
 * Every node lies on a path from input to output, there is no `skip`, and the order of nodes is canonical: two cells
 * are isomorphic exactly when they are deeply equal.
 */
export interface Cell {
	/** Operation of node i + 1. */
	readonly operations: readonly Operation[];
	/** Pairs (from, to) with from < to, sorted. */
	readonly edges: readonly (readonly [number, number])[];
	/** Lower-case hex; equal exactly for isomorphic cells. The identity under which nothing is evaluated twice. */
	readonly hash: string;
}

/** A cell while it is being normalised: nodes are 0 = input, 1 … n = operations, n + 1 = output. */
export interface CellGraph {
	/** Operation label (see `operationLabel`) of node i + 1; `SKIP` while skip nodes are still there. */
	readonly labels: readonly number[];
	/** By node, the bit mask of the nodes that feed it. */
	readonly parents: readonly number[];
}

/** Label of a node that passes its sum on unchanged. */
export const SKIP = -1;

/** The labels of operations, each checked. `field` is where the caller found them. */
export function labelsOf(
	operations: readonly { readonly type: string; readonly kernel: number }[],
	field = "operations",
): number[] {
	if (operations.length > MAX_OPERATIONS)
		throw invalidArgument(
			field,
			`a cell has at most ${MAX_OPERATIONS} operations, got ${operations.length}`,
			"TOO_MANY_OPERATIONS",
		);
	return operations.map((operation, i) => labelOf(operation, `${field}[${i}]`));
}

/** The label of one operation, or an UNKNOWN_OPERATION error that names the field. */
export function labelOf(
	{ type, kernel }: { readonly type: string; readonly kernel: number },
	field: string,
): number {
	const label = operationLabel(type, kernel);
	if (label !== undefined) return label;
	if (operationLabel(type, 1) !== undefined)
		throw invalidArgument(`${field}.kernel`, `must be 1, 3 or 5, got ${String(kernel)}`, "UNKNOWN_OPERATION");
	throw invalidArgument(
		`${field}.type`,
		`unknown operation ${JSON.stringify(type)}; use one of ${OPERATION_TYPES.join(", ")}`,
		"UNKNOWN_OPERATION",
	);
}

/** Parent masks of a list of edges over 0 … operationCount + 1, each edge checked. */
export function parentMasks(
	operationCount: number,
	edges: readonly (readonly [number, number])[],
	field = "edges",
): number[] {
	const output = operationCount + 1;
	const parents = new Array<number>(output + 1).fill(0);
	edges.forEach(([from, to], i) => {
		if (!isNode(from, output) || !isNode(to, output))
			throw invalidArgument(`${field}[${i}]`, `joins nodes outside 0 … ${output}`, "INVALID_EDGE");
		if (to === 0 || from === output || from === to)
			throw invalidArgument(
				`${field}[${i}]`,
				`${from} → ${to} closes a cycle: nothing leads into the input, out of the output or back to itself`,
				"CELL_CYCLIC",
			);
		parents[to]! |= 1 << from;
	});
	return parents;
}

function isNode(node: number, output: number): boolean {
	return Number.isInteger(node) && node >= 0 && node <= output;
}

/** Numbers of the bits set in a mask, ascending. */
export function bitsOf(mask: number): number[] {
	const bits: number[] = [];
	for (let rest = mask; rest !== 0; rest &= rest - 1) bits.push(31 - Math.clz32(rest & -rest));
	return bits;
}
