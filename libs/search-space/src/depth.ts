import { countLayer } from "./counting.js";
import type { LayerGraph } from "./layer.js";
import { longestWay } from "./ways.js";

/** Convolutions and linear layers on the longest way through a layer list, 0 where no way leads through; zeros end a way. */
export function layerDepth(graph: LayerGraph): number {
	return longestWay(graph, (layer) => countLayer(layer, graph.values).layerCount);
}
