import { networkStructure } from "@archgen/search-space";
import { finite, type ProxySpec } from "../proxy.js";
import { COUNT } from "./counts.js";

export const effectiveDepth: ProxySpec = {
	...COUNT,
	description: "Rectifiers that the signal passes in the mean: depth as short-cuts leave it.",
	formula: "rectifiers along the layer graph, a sum carrying equal shares of its inputs",
	source: "ours, after Veit et al. 2016 (residual networks as ensembles of shallow ones)",
	unit: "layers",
	compute: ({ graph }) => finite(networkStructure(graph).effectiveDepth),
};

export const blur: ProxySpec = {
	...COUNT,
	description: "Smoothing by average pools that the signal passes in the mean.",
	formula: "Σ (kernel − 1) of average pools along the layer graph, a sum carrying equal shares of its inputs",
	source: "ours (docs/accuracy.md)",
	unit: "pixels of the maps",
	compute: ({ graph }) => finite(networkStructure(graph).blur),
};

export const context: ProxySpec = {
	...COUNT,
	description: "How far the convolutions look.",
	formula: "Σ (kernel − 1) · dilation of the convolutions on the way where it is largest",
	source: "receptive field without strides; ours (docs/accuracy.md)",
	unit: "pixels of the maps",
	compute: ({ graph }) => finite(networkStructure(graph).context),
};

export const imbalance: ProxySpec = {
	...COUNT,
	description: "How unevenly the convolutions' work is spread over the sizes of maps.",
	formula:
		"ln of the number of map sizes − entropy of their shares of the multiply-accumulates, from the first convolution's map on",
	source: "ours (docs/accuracy.md)",
	unit: "nats",
	compute: ({ graph }) => finite(networkStructure(graph).imbalance),
};
