import type { Evidence } from "../evidence.js";
import { finite, type ProxyResult, type ProxySpec } from "../proxy.js";
import { type SaliencySums, signalToNoise } from "../saliency.js";

/** What all proxies of the one backward pass have in common. */
export const SALIENCY = {
	direction: "higher",
	unit: "1",
	needsData: true,
	needsGradient: true,
	cost: "backward",
	batchNorm: "request",
	passes: ["backward"],
} as const;

/** Σ_l of a term of each layer's saliencies. */
export async function sumOver(
	evidence: Evidence,
	term: (sums: SaliencySums) => number,
): Promise<ProxyResult> {
	const { saliencies } = await evidence.backward();
	return finite([...saliencies.values()].reduce((total, sums) => total + term(sums), 0));
}

export const snip: ProxySpec = {
	...SALIENCY,
	description: "How much the loss hangs on single weights.",
	formula: "Σ_l Σ |w ⊙ ∂L/∂w|, L the mean cross-entropy",
	source: "Lee et al. 2019; as a proxy Abdelfattah et al. 2021",
	compute: (evidence) => sumOver(evidence, ({ sum }) => sum),
};

export const snipSsnr: ProxySpec = {
	...SALIENCY,
	description: "Signal-to-noise ratio of the saliencies.",
	formula: "Σ_l mean(s_l) / std(s_l), s_l = |w ⊙ ∂L/∂w|, std unbiased; 0 for a layer without spread",
	source: "Xiang et al. 2024, SNIP-SSNR",
	compute: (evidence) => sumOver(evidence, signalToNoise),
};
