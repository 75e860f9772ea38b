import { networkStructure } from "@archgen/search-space";
import { finite, type ProxySpec } from "../proxy.js";

export const blur: ProxySpec = {
	description: "Smoothing by average pools that the signal passes in the mean.",
	formula: "Σ (kernel − 1) of average pools along the layer graph, a sum carrying equal shares of its inputs",
	source: "ours (docs/accuracy.md)",
	direction: "neutral",
	unit: "pixels of the maps",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
	compute({ graph }) {
		return finite(networkStructure(graph).blur);
	},
};
