import { invalidArgument } from "@archgen/errors";
import { bitsOf, type Cell, type CellGraph } from "./cell-graph.js";
import { operationFromLabel } from "./operation.js";
import { usedNodes } from "./reachability.js";

/*
 * A canonical order is a topological order whose code — for each position the pair (operation label, positions of the
 * parents), then the parents of the output — is lexicographically smallest. Each step therefore takes the smallest
 * pair among the nodes whose parents all have a position, and only equal pairs need to be tried one by one. Of equal
 * nodes that also feed the same nodes, one is enough: exchanging them is an automorphism. What is left to try is a
 * handful of orders, and the result is exact, not a refinement heuristic.
 */

const LABEL_SHIFT = 7; // parents of an operation are positions 0 … 6

interface Search {
	readonly graph: CellGraph;
	readonly used: readonly number[];
	readonly childMasks: readonly number[];
	best: readonly number[] | undefined;
}

/**
 * The canonical cell of a graph without skip nodes; nodes on no path from input to output are dropped.
 *
 * @param field what errors name: the field that holds the edges, `edges` unless given
 * @throws ArchgenError INVALID_ARGUMENT with reason CELL_CYCLIC or CELL_NOT_CONNECTED
 */
export function canonicalGraph(graph: CellGraph, field = "edges"): Cell {
	return cellOfCode(canonicalCode(graph, field));
}

/** Code of the canonical order: by position (label << 7 | parents), last the parents of the output. Errors as {@link canonicalGraph}. */
export function canonicalCode(graph: CellGraph, field = "edges"): readonly number[] {
	rejectCycles(graph.parents, field);
	const reduced = usedNodes(graph, field);
	const search: Search = {
		graph: reduced,
		used: reduced.labels.map((_, i) => i + 1),
		childMasks: childMasks(reduced.parents),
		best: undefined,
	};
	extend(search, [], new Map([[0, 0]]));
	return search.best!;
}

/** Repeatedly takes a node without unplaced parents; what cannot be taken lies on or behind a cycle. */
function rejectCycles(parents: readonly number[], field: string): void {
	const all = (1 << parents.length) - 1;
	let placed = 0;
	for (let before = -1; placed !== before; ) {
		before = placed;
		parents.forEach((mask, node) => {
			if ((mask & ~placed) === 0) placed |= 1 << node;
		});
	}
	if (placed !== all)
		throw invalidArgument(
			field,
			`the cell has a cycle through nodes ${bitsOf(all & ~placed).join(", ")}`,
			"CELL_CYCLIC",
		);
}

function childMasks(parents: readonly number[]): number[] {
	return parents.map((_, from) =>
		parents.reduce((mask, above, to) => ((above >> from) & 1 ? mask | (1 << to) : mask), 0),
	);
}

function extend(search: Search, code: readonly number[], position: ReadonlyMap<number, number>): void {
	const { graph, used } = search;
	if (position.size > used.length) {
		const complete = [...code, relabel(graph.parents[used.length + 1]!, position)!];
		if (!search.best || compare(complete, search.best) < 0) search.best = complete;
		return;
	}
	for (const [node, pair] of smallest(search, position))
		extend(search, [...code, pair], new Map(position).set(node, position.size));
}

/** The placeable nodes with the smallest pair, one of each set of twins. */
function smallest(search: Search, position: ReadonlyMap<number, number>): [number, number][] {
	const { graph, used, childMasks } = search;
	let least = Number.POSITIVE_INFINITY;
	let ties: [number, number][] = [];
	for (const node of used) {
		if (position.has(node)) continue;
		const parents = relabel(graph.parents[node]!, position);
		if (parents === undefined) continue;
		const pair = (graph.labels[node - 1]! << LABEL_SHIFT) | parents;
		if (pair > least) continue;
		if (pair < least) ties = [];
		least = pair;
		if (!ties.some(([twin]) => childMasks[twin] === childMasks[node])) ties.push([node, pair]);
	}
	return ties;
}

/** A parent mask in terms of positions; undefined while a parent has none. */
function relabel(parents: number, position: ReadonlyMap<number, number>): number | undefined {
	let mask = 0;
	for (const node of bitsOf(parents)) {
		const place = position.get(node);
		if (place === undefined) return undefined;
		mask |= 1 << place;
	}
	return mask;
}

function compare(a: readonly number[], b: readonly number[]): number {
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
	return 0;
}

function cellOfCode(code: readonly number[]): Cell {
	const operationCodes = code.slice(0, -1);
	const { labels, edges } = graphOfCode(code);
	return {
		operations: labels.map(operationFromLabel),
		edges,
		// Three digits an operation (5 + 7 bits), two for the output: the hash is the code itself, so it cannot collide.
		hash: `${operationCodes.map((pair) => pair.toString(16).padStart(3, "0")).join("")}${code.at(-1)!.toString(16).padStart(2, "0")}`,
	};
}

/** Labels and sorted edges of a code. */
export function graphOfCode(code: readonly number[]): {
	readonly labels: readonly number[];
	readonly edges: readonly (readonly [number, number])[];
} {
	const pairs = code.slice(0, -1);
	const masks = [...pairs.map((pair) => pair & ((1 << LABEL_SHIFT) - 1)), code.at(-1)!];
	const edges = masks.flatMap((mask, i) => bitsOf(mask).map((from) => [from, i + 1] as const));
	return {
		labels: pairs.map((pair) => pair >> LABEL_SHIFT),
		edges: edges.sort(([a, b], [c, d]) => a - c || b - d),
	};
}
