import { invalidArgument } from "@archgen/errors";
import { canonicalGraph } from "./canonical.js";
import type { Cell } from "./cell.js";
import { bitsOf, type CellGraph, labelOf, SKIP } from "./cell-graph.js";
import { type Kernel, MAX_OPERATIONS, type OperationType } from "./operation.js";

/** Content of one of the six operation slots of a raw cell. The kernel of a `skip` means nothing. */
export interface RawOperation {
	readonly type: OperationType | "skip";
	readonly kernel: Kernel;
}

/** A point (A, F) of the micro space Ω as sampled or written by a user: may contain skips and unused nodes. */
export interface RawCell {
	/** 8 × 8, strictly upper triangular, 0/1: `adjacency[i][j]` = 1 when node i feeds node j. */
	readonly adjacency: readonly (readonly number[])[];
	/** Operations of nodes 1 … 6. */
	readonly operations: readonly RawOperation[];
}

/** Nodes of a raw cell: input, six operations, output. */
export const RAW_NODES = MAX_OPERATIONS + 2;

/**
 * Removes skips (their parents are joined to their children) and unused nodes, and puts the rest in canonical order.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming the field, reason INVALID_ADJACENCY, CELL_CYCLIC, UNKNOWN_OPERATION or
 *   CELL_NOT_CONNECTED
 */
export function normalizeCell(raw: RawCell): Cell {
	if (raw.operations.length !== MAX_OPERATIONS)
		throw invalidArgument(
			"operations",
			`a raw cell has ${MAX_OPERATIONS} operation slots, got ${raw.operations.length}`,
		);
	const parents = masksOfAdjacency(raw.adjacency);
	const labels = raw.operations.map((operation, i) =>
		operation.type === "skip" ? SKIP : labelOf(operation, `operations[${i}]`),
	);
	return canonicalGraph(withoutSkips({ labels, parents }), "adjacency");
}

function masksOfAdjacency(adjacency: readonly (readonly number[])[]): number[] {
	if (adjacency.length !== RAW_NODES || adjacency.some((row) => row.length !== RAW_NODES))
		throw invalidArgument("adjacency", `must be ${RAW_NODES} × ${RAW_NODES}`, "INVALID_ADJACENCY");
	const parents = new Array<number>(RAW_NODES).fill(0);
	adjacency.forEach((row, from) => {
		row.forEach((entry, to) => {
			const field = `adjacency[${from}][${to}]`;
			if (entry !== 0 && entry !== 1)
				throw invalidArgument(field, `must be 0 or 1, got ${String(entry)}`, "INVALID_ADJACENCY");
			if (entry === 1 && from >= to)
				throw invalidArgument(
					field,
					"edges lead to a later node, never back: cells are acyclic",
					"CELL_CYCLIC",
				);
			parents[to]! |= entry << from;
		});
	});
	return parents;
}

/** Joins the parents of skip nodes to their children; the skip nodes stay behind without children. */
function withoutSkips({ labels, parents }: CellGraph): CellGraph {
	const resolved: number[] = [];
	// Nodes are in topological order here, so the parents of a skip are already free of skips.
	for (const mask of parents)
		resolved.push(
			bitsOf(mask).reduce((m, node) => m | (labels[node - 1] === SKIP ? resolved[node]! : 1 << node), 0),
		);
	return { labels, parents: resolved };
}
