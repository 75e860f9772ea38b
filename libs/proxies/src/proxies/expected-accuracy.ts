import { finite, type ProxySpec } from "../proxy.js";
import { EXPECTED_LOGIT_FORMULA, structureLogit } from "../trained-fit.js";
import { COUNT } from "./counts.js";

export const expectedAccuracy: ProxySpec = {
	...COUNT,
	description:
		"Share of right answers that networks of this structure were trained to in 8 epochs of half of CIFAR-10; an order for everything else.",
	formula: `1 / (1 + e^−x), x = ${EXPECTED_LOGIT_FORMULA}`,
	source: "fitted to networks that we trained (docs/accuracy.md)",
	direction: "higher",
	unit: "1",
	compute({ graph }) {
		return finite(1 / (1 + Math.exp(-structureLogit(graph))));
	},
};
