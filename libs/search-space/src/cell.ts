import { canonicalGraph } from "./canonical.js";
import { labelsOf, parentMasks } from "./cell-graph.js";
import type { Operation } from "./operation.js";

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
