import { finite, type ProxySpec } from "../proxy.js";
import { TCET_LOGIT_FORMULA, tcetLogit } from "../trained-fit.js";
import { tcetTrain } from "./tcet-train.js";

export const tcetFit: ProxySpec = {
	...tcetTrain,
	description: "The accuracy to expect by structure and by T-CET in train mode a layer, as a logit.",
	formula: `${TCET_LOGIT_FORMULA}, a as in expected_accuracy`,
	source: "fitted to networks that we trained (docs/accuracy.md)",
	async compute(evidence) {
		const tcet = await tcetTrain.compute(evidence);
		if (!tcet.ok) return tcet;
		const perLayer = (1 + Math.max(0, tcet.value)) / Math.max(1, evidence.counts.layerCount);
		return finite(tcetLogit(evidence.graph, Math.log(perLayer)));
	},
};
