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
	// Networks are counted some forty times while widths are fitted: ids are small numbers, and most layers read one value.
	const figures: (number | undefined)[] = [];
	figures[input] = 0;
	for (const layer of layers) {
		if (layer.kind === "zero") continue;
		const only = layer.inputs.length === 1 ? figures[layer.inputs[0]!] : undefined;
		const before = only === undefined ? known(figures, layer) : [only];
		if (before.length > 0) figures[layer.output] = merge(before, layer) + weight(layer);
	}
	return figures[output] ?? 0;
}

function known(figures: readonly (number | undefined)[], { inputs }: Layer): number[] {
	return inputs.map((id) => figures[id]).filter((figure) => figure !== undefined);
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
