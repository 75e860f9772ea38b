import type { Random } from "@archgen/random";
import { EDGE_CLASSES, emptyGraphs, type GraphShape, type Graphs } from "./graph-shape.js";
import { drawClass } from "./transitions.js";

/** Distribution of the classes of a node and of a pair, over all places of a training set. */
export interface Marginals {
	readonly nodes: readonly number[];
	readonly edges: readonly number[];
}

/** Shares of the classes among all nodes and all pairs of graphs. */
export function marginalsOf({ nodeClasses }: GraphShape, { nodes, edges }: Graphs): Marginals {
	return { nodes: shares(nodes, nodeClasses), edges: shares(edges, EDGE_CLASSES) };
}

function shares(labels: Uint8Array, classes: number): number[] {
	const counts = new Array<number>(classes).fill(0);
	for (const label of labels) counts[label]!++;
	return counts.map((count) => count / Math.max(1, labels.length));
}

/** Graphs at the last time: every class drawn from the marginals. */
export function drawPrior(shape: GraphShape, marginals: Marginals, count: number, random: Random): Graphs {
	const { nodes, edges } = emptyGraphs(shape, count);
	const drawn = (labels: Uint8Array, marginal: readonly number[]) =>
		labels.map(() => drawClass(marginal, random));
	return { count, nodes: drawn(nodes, marginals.nodes), edges: drawn(edges, marginals.edges) };
}

/**
 * Graphs noised by the forward process: each class of row r is kept with probability `kept(r)`, or else drawn anew.
 *
 * @param kept ᾱ of each row's time
 */
export function noised(
	graphs: Graphs,
	marginals: Marginals,
	kept: (row: number) => number,
	random: Random,
): Graphs {
	const through = (labels: Uint8Array, marginal: readonly number[]) => {
		const width = labels.length / graphs.count;
		return labels.map((label, place) =>
			random.uniform() < kept(Math.floor(place / width)) ? label : drawClass(marginal, random),
		);
	};
	const { count, nodes, edges } = graphs;
	return { count, nodes: through(nodes, marginals.nodes), edges: through(edges, marginals.edges) };
}
