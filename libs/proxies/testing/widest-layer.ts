import { finite, type ProxySpec } from "../src/proxy.js";

export const widestLayer: ProxySpec = {
	description: "Channels of the widest convolution.",
	formula: "max_l C_out(l) over convolutions",
	source: "docs/extend/proxy.md",
	direction: "higher",
	unit: "channels",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
	compute: ({ graph: { layers } }) =>
		finite(Math.max(...layers.map((layer) => (layer.kind === "conv" ? layer.outChannels : 0)))),
};
