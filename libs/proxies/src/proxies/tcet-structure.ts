import { finite, type ProxySpec } from "../proxy.js";
import { structureLogit, TCET_TIE_SHARE } from "../trained-fit.js";
import { tcetTrain } from "./tcet-train.js";

export const tcetStructure: ProxySpec = {
	...tcetTrain,
	description: "The accuracy to expect by structure, as a logit, and among equals T-CET in train mode.",
	formula: `ln(a / (1 − a)) + ${TCET_TIE_SHARE} ln(1 + tcet_train), a as in expected_accuracy`,
	source: "fitted to networks that we trained (docs/accuracy.md)",
	async compute(evidence) {
		const tcet = await tcetTrain.compute(evidence);
		if (!tcet.ok) return tcet;
		return finite(structureLogit(evidence.graph) + TCET_TIE_SHARE * Math.log1p(Math.max(0, tcet.value)));
	},
};
