import { countLayers } from "./counting.js";
import type { LayerGraph } from "./layer.js";
import { longestWay, sharedWay } from "./ways.js";

/** How a network passes its signal on; the accuracy that networks are trained to follows from it (docs/accuracy.md). */
export interface Structure {
	/** Rectifiers that the signal passes, where a sum carries equal shares of its inputs: short-cuts make a network less deep. */
	readonly effectiveDepth: number;
	/** Σ (kernel − 1) of the average pools that the signal passes, in the same shares: detail lost, in pixels of the maps. */
	readonly blur: number;
	/** Σ (kernel − 1) · dilation of the convolutions on the way where it is largest: how far convolutions look, in pixels of the maps. */
	readonly context: number;
	/** How often the longest way halves the map by stride. */
	readonly halvings: number;
	/** Parameters of all layers but linear ones, which grow with the number of classes alone. */
	readonly bodyParameters: number;
	/** Classes, values or channels of the result. */
	readonly outputs: number;
}

/** The structure of a network; the same for every size of its images. */
export function networkStructure(graph: LayerGraph): Structure {
	return {
		effectiveDepth: sharedWay(graph, ({ kind }) => Number(kind === "relu" || kind === "hard_swish")),
		blur: sharedWay(graph, (layer) => (layer.kind === "average_pool" ? layer.kernel - 1 : 0)),
		context: longestWay(graph, (layer) => (layer.kind === "conv" ? (layer.kernel - 1) * layer.dilation : 0)),
		halvings: longestWay(graph, (layer) => ("stride" in layer ? Math.log2(layer.stride) : 0)),
		bodyParameters: countLayers({ ...graph, layers: graph.layers.filter(({ kind }) => kind !== "linear") })
			.parameterCount,
		outputs: graph.values[graph.output]!.channels,
	};
}
