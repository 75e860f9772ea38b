import { blockEntropies } from "../passes/block-spectra.js";
import { finite, type ProxySpec } from "../proxy.js";

/** What the parts of AZ-NAS that look at features have in common. */
export const BLOCK_FEATURES = {
	source: "Lee & Ham 2024, AZ-NAS, on the images of the request",
	direction: "higher",
	unit: "nats",
	needsData: true,
	needsGradient: false,
	cost: "forward",
	batchNorm: "train",
	passes: [],
} as const;

export const azExpressivity: ProxySpec = {
	...BLOCK_FEATURES,
	description: "How evenly the features of every block use their channels.",
	formula:
		"Σ_b −Σ_i p_i ln p_i, p the eigenvalues of the channels' covariance over images and positions at the end of block b, divided by their sum; blocks are the stem, the cells, and the head's convolution",
	compute: async (evidence) =>
		finite((await blockEntropies(evidence)).reduce((total, entropy) => total + entropy, 0)),
};
