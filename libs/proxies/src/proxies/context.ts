import { networkStructure } from "@archgen/search-space";
import { finite, type ProxySpec } from "../proxy.js";

export const context: ProxySpec = {
	description: "How far the convolutions look.",
	formula: "Σ (kernel − 1) · dilation of the convolutions on the way where it is largest",
	source: "receptive field without strides; ours (docs/accuracy.md)",
	direction: "neutral",
	unit: "pixels of the maps",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
	compute({ graph }) {
		return finite(networkStructure(graph).context);
	},
};
