import { finite, type ProxySpec } from "../proxy.js";
import { compressibility } from "../saliency.js";
import { SALIENCY } from "./snip.js";

export const tcet: ProxySpec = {
	...SALIENCY,
	description: "Trainability and expressivity layer by layer: the search objective.",
	formula:
		"Σ_l ln|det K_l| · ln(1 + sum(s_l) / std(s_l)), K_l as in naswot (batch norm in eval mode), s_l as in snip; ln|det K_l| is 0 where K_l is singular",
	source: "Xiang et al. 2024, T-CET",
	passes: ["codes", "backward"],
	async compute(evidence) {
		const { logDeterminants } = await evidence.codes();
		const { saliencies } = await evidence.backward();
		return finite(
			[...saliencies].reduce(
				(total, [layer, sums]) => total + logDeterminants.get(layer)! * compressibility(sums),
				0,
			),
		);
	},
};
