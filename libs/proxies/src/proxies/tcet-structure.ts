import { finite, type ProxySpec } from "../proxy.js";
import { structureLogit, TCET_SHARE } from "../trained-fit.js";
import { tcetTrain } from "./tcet-train.js";

export const tcetStructure: ProxySpec = {
	...tcetTrain,
	description:
		"The logit of accuracy that networks of this structure were trained to, and T-CET in train mode among equals.",
	formula:
		"1.07 − 0.041 max(0, 16 − context) − 0.042 max(0, blur − 2) − 0.024 max(0, effective_depth − d) − 0.116 max(0, ln(200,000 / parameters)) + 0.05 ln(1 + tcet_train); d is 10 up to three halvings of the map by stride, and 3⅓ more for each further one",
	source: "fitted to networks that we trained (docs/accuracy.md)",
	async compute(evidence) {
		const tcet = await tcetTrain.compute(evidence);
		if (!tcet.ok) return tcet;
		return finite(structureLogit(evidence.graph) + TCET_SHARE * Math.log1p(Math.max(0, tcet.value)));
	},
};
