import { invalidArgument } from "@archgen/errors";
import { type Cell, createCell } from "./cell.js";
import { labelsOf, parentMasks } from "./cell-graph.js";
import { readArray, readObject, withFieldPrefix } from "./fields.js";
import type { Kernel, Operation, OperationType } from "./operation.js";
import { nodesOnPaths } from "./reachability.js";

/** JSON form of a cell; `docs/schemas/cell.schema.json`. */
export interface CellJson {
	/** Operations of nodes 1, 2, … */
	readonly operations: readonly { readonly type: OperationType; readonly kernel: Kernel }[];
	/** Pairs [from, to]; node 0 is the input, `operations.length + 1` the output. */
	readonly edges: readonly (readonly [number, number])[];
}

/** The JSON form of a cell, in canonical order. */
export function cellToJson({ operations, edges }: Cell): CellJson {
	return {
		operations: operations.map(({ type, kernel }) => ({ type, kernel })),
		edges: edges.map(([from, to]) => [from, to]),
	};
}

/**
 * Reads the JSON form of a cell; operations may stand in any order.
 *
 * @param field where the cell stands in a larger document, for error messages
 * @throws ArchgenError INVALID_ARGUMENT naming the offending field, reason INVALID_FIELD, UNKNOWN_OPERATION,
 *   TOO_MANY_OPERATIONS, INVALID_EDGE, CELL_CYCLIC or CELL_NOT_CONNECTED; unlike `createCell`, this refuses operations
 *   that lie on no path from input to output
 */
export function cellFromJson(value: unknown, field = ""): Cell {
	return withFieldPrefix(field, () => {
		const document = readObject(value, "", ["operations", "edges"]);
		const operations = readArray(document.operations, "operations").map(readOperation);
		labelsOf(operations);
		const edges = readArray(document.edges, "edges").map(readEdge);
		rejectDuplicates(edges);
		const cell = createCell(operations, edges);
		if (cell.operations.length < operations.length) throw unusedOperation(operations.length, edges);
		return cell;
	});
}

function readOperation(value: unknown, i: number): Operation {
	const { type, kernel } = readObject(value, `operations[${i}]`, ["type", "kernel"]);
	if (typeof type !== "string")
		throw invalidArgument(`operations[${i}].type`, "must be the name of an operation", "UNKNOWN_OPERATION");
	if (typeof kernel !== "number")
		throw invalidArgument(`operations[${i}].kernel`, "must be a number", "UNKNOWN_OPERATION");
	// Whether there is such an operation is checked by `labelsOf`, which knows them all.
	return { type, kernel } as Operation;
}

function readEdge(value: unknown, i: number): [number, number] {
	const pair = readArray(value, `edges[${i}]`);
	if (pair.length !== 2 || !pair.every(Number.isInteger))
		throw invalidArgument(`edges[${i}]`, "must be a pair [from, to] of node numbers", "INVALID_EDGE");
	return pair as unknown as [number, number];
}

function rejectDuplicates(edges: readonly (readonly [number, number])[]): void {
	const seen = new Set<string>();
	edges.forEach((edge, i) => {
		if (seen.has(edge.join())) throw invalidArgument(`edges[${i}]`, "stands there twice", "INVALID_EDGE");
		seen.add(edge.join());
	});
}

function unusedOperation(count: number, edges: readonly (readonly [number, number])[]) {
	const used = nodesOnPaths(parentMasks(count, edges));
	const index = Array.from({ length: count }, (_, i) => i).find((i) => ((used >> (i + 1)) & 1) === 0);
	return invalidArgument(
		`operations[${index}]`,
		"lies on no path from the input to the output; connect it or leave it out",
		"CELL_NOT_CONNECTED",
	);
}
