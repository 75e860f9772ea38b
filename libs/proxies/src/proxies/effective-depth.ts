import { networkStructure } from "@archgen/search-space";
import { finite, type ProxySpec } from "../proxy.js";

export const effectiveDepth: ProxySpec = {
	description: "Rectifiers that the signal passes in the mean: depth as short-cuts leave it.",
	formula: "rectifiers along the layer graph, a sum carrying equal shares of its inputs",
	source: "ours, after Veit et al. 2016 (residual networks as ensembles of shallow ones)",
	direction: "neutral",
	unit: "layers",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
	compute({ graph }) {
		return finite(networkStructure(graph).effectiveDepth);
	},
};
