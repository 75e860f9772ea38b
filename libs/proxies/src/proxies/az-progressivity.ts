import { blockEntropies } from "../passes/block-spectra.js";
import { finite, type ProxySpec } from "../proxy.js";
import { BLOCK_FEATURES } from "./az-expressivity.js";

export const azProgressivity: ProxySpec = {
	...BLOCK_FEATURES,
	description: "Least growth of expressivity from a block to the next.",
	formula: "min_b (e_b − e_(b−1)), e_b the summand of block b in az_expressivity",
	async compute(evidence) {
		const entropies = await blockEntropies(evidence);
		return finite(Math.min(...entropies.slice(1).map((entropy, i) => entropy - entropies[i]!)));
	},
};
