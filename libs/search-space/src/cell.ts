import { canonicalGraph } from "./canonical.js";
import { type Cell, labelsOf, parentMasks } from "./cell-graph.js";

export type { Cell } from "./cell-graph.js";

import type { Operation } from "./operation.js";

/**
 * The normalised cell of a graph of operations.
 *
 * @param operations operation of node i + 1, at most six
 * @param edges pairs (from, to) in any order; node 0 is the input and `operations.length + 1` the output. The nodes may
 *   stand in any order; nodes that lie on no path from input to output are dropped.
 * @throws ArchgenError INVALID_ARGUMENT with reason UNKNOWN_OPERATION, TOO_MANY_OPERATIONS, INVALID_EDGE, CELL_CYCLIC
 *   or CELL_NOT_CONNECTED
 */
export function createCell(
	operations: readonly Operation[],
	edges: readonly (readonly [number, number])[],
): Cell {
	return canonicalGraph({ labels: labelsOf(operations), parents: parentMasks(operations.length, edges) });
}

/** Nodes whose values a node adds, ascending. */
export function parentsOf(cell: Cell, node: number): number[] {
	return cell.edges.filter(([, to]) => to === node).map(([from]) => from);
}

/** Number of edges on the longest path from input to output. */
export function cellDepth(cell: Cell): number {
	const depth = new Array<number>(cell.operations.length + 2).fill(0);
	// Edges are sorted by their source and lead upwards, so a node's depth is final before it is read.
	for (const [from, to] of cell.edges) depth[to] = Math.max(depth[to]!, depth[from]! + 1);
	return depth.at(-1)!;
}
