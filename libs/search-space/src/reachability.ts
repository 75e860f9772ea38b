import { invalidArgument } from "@archgen/errors";
import { bitsOf, type CellGraph } from "./cell-graph.js";

/**
 * The graph of the nodes that lie on a path from input to output, renumbered without gaps in their old order.
 * The graph must be acyclic. `field` holds the edges: errors name it.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason CELL_NOT_CONNECTED, when nothing leads from input to output
 */
export function usedNodes(graph: CellGraph, field: string): CellGraph {
	const output = graph.parents.length - 1;
	const used = nodesOnPaths(graph.parents);
	if ((used & 1) === 0 || (used >> output) % 2 === 0)
		throw invalidArgument(field, "no path leads from the input to the output", "CELL_NOT_CONNECTED");
	const kept = bitsOf(used);
	const newNumber = new Map(kept.map((node, i) => [node, i]));
	const renumber = (mask: number) =>
		bitsOf(mask & used).reduce((m, node) => m | (1 << newNumber.get(node)!), 0);
	return {
		labels: kept.slice(1, -1).map((node) => graph.labels[node - 1]!),
		parents: kept.map((node) => renumber(graph.parents[node]!)),
	};
}

/** Mask of the nodes on a path from input to output. */
export function nodesOnPaths(parents: readonly number[]): number {
	const output = parents.length - 1;
	const grow = (seed: number, step: (mask: number) => number) => {
		let mask = seed;
		for (let next = step(mask) | mask; next !== mask; next = step(mask) | mask) mask = next;
		return mask;
	};
	const below = grow(1, (mask) =>
		parents.reduce((m, above, node) => (above & mask ? m | (1 << node) : m), 0),
	);
	const above = grow(1 << output, (mask) => bitsOf(mask).reduce((m, node) => m | parents[node]!, 0));
	return below & above;
}
