import { finite, type ProxySpec } from "../proxy.js";
import { TCET_LOGIT_FORMULA, tcetLogit } from "../trained-fit.js";
import { tcetTrain } from "./tcet-train.js";

export const tcetFit: ProxySpec = {
	...tcetTrain,
	description:
		"The accuracy to expect by structure and by T-CET in train mode at equal numbers of layers, as a logit.",
	formula: `${TCET_LOGIT_FORMULA}, a as in expected_accuracy`,
	source: "fitted to networks that we trained (docs/accuracy.md)",
	async compute(evidence) {
		const tcet = await tcetTrain.compute(evidence);
		return tcet.ok ? finite(tcetLogit(evidence.graph, Math.log1p(Math.max(0, tcet.value)))) : tcet;
	},
};
