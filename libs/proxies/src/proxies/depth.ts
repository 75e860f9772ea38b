import { layerDepth } from "@archgen/search-space";
import { finite, type ProxySpec } from "../proxy.js";
import { COUNT } from "./counts.js";

export const depth: ProxySpec = {
	...COUNT,
	description: "Convolutions and linear layers on the longest way from the image to the logits.",
	formula:
		"longest path of the layer graph, a convolution or linear layer counting 1 and any other 0; zeros end a path",
	source: "exact count; a baseline",
	unit: "layers",
	compute({ graph }) {
		return finite(layerDepth(graph));
	},
};
