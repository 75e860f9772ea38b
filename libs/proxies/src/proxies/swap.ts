import type { Evidence } from "../evidence.js";
import { distinctPatterns } from "../passes/activation-patterns.js";
import { finite, type ProxySpec } from "../proxy.js";

const SAMPLE_WISE = {
	source: "Peng et al. 2024, SWAP-NAS",
	direction: "higher",
	needsData: true,
	needsGradient: false,
	cost: "forward",
	batchNorm: "train",
	passes: [],
} as const;

const patternsOf = (evidence: Evidence) =>
	evidence.once("activation-patterns", () => distinctPatterns(evidence.subject));

export const swap: ProxySpec = {
	...SAMPLE_WISE,
	description: "How many different questions about the images the ReLUs ask.",
	formula:
		"number of distinct patterns over all ReLU units; a unit's pattern is the sign of its input for every image",
	unit: "patterns",
	compute: async (evidence) => finite(await patternsOf(evidence)),
};

/** Parameters at which the regularised score peaks, and the spread of the peak (its square root is a width), in millions. */
const SWAP_PEAK = 5;
const SWAP_SPREAD = 25;

export const swapRegularised: ProxySpec = {
	...SAMPLE_WISE,
	description: "SWAP, less for networks far from a given size.",
	formula: `swap · exp(−(Θ − μ)² / σ), Θ millions of parameters; the authors leave μ and σ to the user, here μ = ${SWAP_PEAK} and σ = ${SWAP_SPREAD}`,
	unit: "patterns",
	compute: async (evidence) => {
		const distance = evidence.counts.parameterCount / 1e6 - SWAP_PEAK;
		return finite((await patternsOf(evidence)) * Math.exp(-(distance ** 2) / SWAP_SPREAD));
	},
};
