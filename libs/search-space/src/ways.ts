import type { Layer, LayerGraph } from "./layer.js";

/**
 * A figure that grows along the ways from a graph's input to its output.
 *
 * @param weight by how much a layer adds to the figure
 * @param merge the figure in front of a layer, from those of its inputs that a way leads to (one at least)
 * @returns 0 where no way leads through; zeros end a way
 */
function alongWays(
	{ layers, input, output }: LayerGraph,
	weight: (layer: Layer) => number,
	merge: (before: readonly number[], layer: Layer) => number,
): number {
	const figures = new Map([[input, 0]]);
	for (const layer of layers) {
		const before = layer.inputs.flatMap((id) => figures.get(id) ?? []);
		if (layer.kind === "zero" || before.length === 0) continue;
		figures.set(layer.output, merge(before, layer) + weight(layer));
	}
	return figures.get(output) ?? 0;
}

/** The figure on the way where it is largest. */
export function longestWay(graph: LayerGraph, weight: (layer: Layer) => number): number {
	return alongWays(graph, weight, (before) => Math.max(...before));
}

/** The figure of the signal as a whole: a sum carries equal shares of its inputs, a gate leaves the figure of what it scales. */
export function sharedWay(graph: LayerGraph, weight: (layer: Layer) => number): number {
	return alongWays(graph, weight, (before, layer) =>
		layer.kind === "scale" ? before[0]! : before.reduce((sum, figure) => sum + figure, 0) / before.length,
	);
}
