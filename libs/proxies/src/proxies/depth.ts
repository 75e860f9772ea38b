import { layerDepth } from "@archgen/search-space";
import { finite, type ProxySpec } from "../proxy.js";

export const depth: ProxySpec = {
	description: "Convolutions and linear layers on the longest way from the image to the logits.",
	formula:
		"longest path of the layer graph, a convolution or linear layer counting 1 and any other 0; zeros end a path",
	source: "exact count; a baseline",
	direction: "neutral",
	unit: "layers",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
	compute({ graph }) {
		return finite(layerDepth(graph));
	},
};
