import { finite, type ProxySpec } from "../proxy.js";
import { compressibility, type SaliencySums } from "../saliency.js";
import { SALIENCY } from "./snip.js";

export const tcet: ProxySpec = {
	...SALIENCY,
	description: "Trainability and expressivity layer by layer: the search objective.",
	formula:
		"Σ_l ln|det K_l| · ln(1 + sum(s_l) / std(s_l)), K_l as in naswot (batch norm in eval mode), s_l as in snip; ln|det K_l| is 0 where K_l is singular",
	source: "Xiang et al. 2024, T-CET",
	passes: ["codes", "backward"],
	async compute(evidence) {
		const { logDeterminants } = await evidence.codes("eval");
		const { saliencies } = await evidence.backward();
		return finite(layerProducts(logDeterminants, saliencies));
	},
};

/** Σ_l ln|det K_l| · ln(1 + sum(s_l) / std(s_l)). */
export function layerProducts(
	logDeterminants: ReadonlyMap<string, number>,
	saliencies: ReadonlyMap<string, SaliencySums>,
): number {
	return [...saliencies].reduce(
		(total, [layer, sums]) => total + logDeterminants.get(layer)! * compressibility(sums),
		0,
	);
}
