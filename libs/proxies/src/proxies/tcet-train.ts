import { finite, type ProxySpec } from "../proxy.js";
import { layerProducts } from "./tcet.js";

export const tcetTrain: ProxySpec = {
	description:
		"T-CET with batch norm by the minibatch's own statistics, for sign codes and saliencies alike.",
	formula:
		"Σ_l ln|det K_l| · ln(1 + sum(s_l) / std(s_l)), K_l and s_l as in tcet, both with batch norm in train mode; ln|det K_l| is 0 where K_l is singular",
	source: "after Xiang et al. 2024, T-CET",
	direction: "higher",
	unit: "1",
	needsData: true,
	needsGradient: true,
	cost: "backward",
	batchNorm: "train",
	passes: ["codes_train"],
	async compute(evidence) {
		const { logDeterminants } = await evidence.codes("train");
		const { saliencies } = await evidence.backward("train");
		return finite(layerProducts(logDeterminants, saliencies));
	},
};
