/** Form of the graphs of a space: nodes of several classes, and between each two nodes an edge or none, from the earlier to the later one. */
export interface GraphShape {
	readonly nodes: number;
	/** Classes of a node. */
	readonly nodeClasses: number;
}

/** Classes of a pair of nodes: 0 for none, 1 for an edge. */
export const EDGE_CLASSES = 2;

/** Graphs as class numbers. */
export interface Graphs {
	readonly count: number;
	/** Class of each node, flat [count, nodes]. */
	readonly nodes: Uint8Array;
	/** Class of each pair i < j in the order of {@link nodePairs}, flat [count, pairs]. */
	readonly edges: Uint8Array;
}

/** Pairs of different nodes. */
export function pairCount({ nodes }: Pick<GraphShape, "nodes">): number {
	return (nodes * (nodes - 1)) / 2;
}

/** All (i, j) with i < j, by i and then by j. */
export function nodePairs({ nodes }: Pick<GraphShape, "nodes">): (readonly [number, number])[] {
	const all = Array.from({ length: nodes }, (_, i) => i);
	return all.flatMap((i) => all.slice(i + 1).map((j) => [i, j] as const));
}

/** Graphs without content. */
export function emptyGraphs(shape: GraphShape, count: number): Graphs {
	const nodes = new Uint8Array(count * shape.nodes);
	return { count, nodes, edges: new Uint8Array(count * pairCount(shape)) };
}

/** The graphs as what a network reads: one-hot nodes [count, nodes, classes], and edges [count, nodes, nodes, 2], symmetric, with an empty diagonal. */
export function oneHotGraphs(
	shape: GraphShape,
	{ count, nodes, edges }: Graphs,
): { readonly nodes: Float32Array; readonly edges: Float32Array } {
	const { nodes: n, nodeClasses } = shape;
	const result = {
		nodes: new Float32Array(count * n * nodeClasses),
		edges: new Float32Array(count * n * n * EDGE_CLASSES),
	};
	nodes.forEach((label, place) => {
		result.nodes[place * nodeClasses + label] = 1;
	});
	const pairs = nodePairs(shape);
	for (let row = 0; row < count; row++)
		pairs.forEach(([i, j], p) => {
			const label = edges[row * pairs.length + p]!;
			result.edges[((row * n + i) * n + j) * EDGE_CLASSES + label] = 1;
			result.edges[((row * n + j) * n + i) * EDGE_CLASSES + label] = 1;
		});
	return result;
}
