import { ABSENT, type ArchitectureSpace, type ArchitectureTensors, adjacencyOf } from "@archgen/search-space";
import { emptyGraphs, type GraphShape, type Graphs, nodePairs, pairCount } from "../graph-shape.js";

/** Graphs of a space: its own node classes, and one more for absent nodes where there may be some. */
export function graphShape({ tensorShape }: Pick<ArchitectureSpace<unknown>, "tensorShape">): GraphShape {
	const { nodes, classes, absentNodes } = tensorShape;
	return { nodes, nodeClasses: classes.length + (absentNodes ? 1 : 0) };
}

/** Architectures as graphs. */
export function graphsOf<A>(space: ArchitectureSpace<A>, architectures: readonly A[]): Graphs {
	const shape = graphShape(space as ArchitectureSpace<unknown>);
	const graphs = emptyGraphs(shape, architectures.length);
	const width = space.tensorShape.classes.length;
	const pairs = nodePairs(shape);
	architectures.forEach((architecture, row) => {
		const { nodes, adjacency } = space.encode(architecture);
		for (let node = 0; node < shape.nodes; node++) {
			const label = nodes.subarray(node * width, (node + 1) * width).indexOf(1);
			graphs.nodes[row * shape.nodes + node] = label === ABSENT ? width : label;
		}
		pairs.forEach(([i, j], p) => {
			graphs.edges[row * pairs.length + p] = adjacency[i * shape.nodes + j]!;
		});
	});
	return graphs;
}

/** The architecture of each graph, undefined where it is none of the space. */
export function architecturesOf<A>(space: ArchitectureSpace<A>, graphs: Graphs): (A | undefined)[] {
	return tensorsOfGraphs(space, graphs).map((tensors) => {
		const decoded = space.decode(tensors);
		return decoded.valid ? decoded.architecture : undefined;
	});
}

/** Graphs in the form that the space decodes. */
export function tensorsOfGraphs<A>(space: ArchitectureSpace<A>, graphs: Graphs): ArchitectureTensors[] {
	const shape = graphShape(space as ArchitectureSpace<unknown>);
	const width = space.tensorShape.classes.length;
	const pairs = nodePairs(shape);
	const perGraph = pairCount(shape);
	return Array.from({ length: graphs.count }, (_, row) => {
		const nodes = new Float32Array(shape.nodes * width);
		graphs.nodes.subarray(row * shape.nodes, (row + 1) * shape.nodes).forEach((label, node) => {
			if (label < width) nodes[node * width + label] = 1;
		});
		const joined = pairs.filter((_, p) => graphs.edges[row * perGraph + p] === 1);
		return { nodes, adjacency: adjacencyOf(shape.nodes, joined) };
	});
}
