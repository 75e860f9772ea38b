import type { ProxySpec } from "../proxy.js";
import { SALIENCY, sumOver } from "./snip.js";

export const gradNorm: ProxySpec = {
	...SALIENCY,
	description: "Size of the gradient.",
	formula: "Σ_l ‖∂L/∂w_l‖₂",
	source: "Abdelfattah et al. 2021",
	compute: (evidence) => sumOver(evidence, ({ gradientNorm }) => gradientNorm),
};
