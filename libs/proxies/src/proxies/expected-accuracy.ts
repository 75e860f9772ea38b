import { finite, type ProxySpec } from "../proxy.js";
import { structureLogit } from "../trained-fit.js";

export const expectedAccuracy: ProxySpec = {
	description:
		"Share of right answers that networks of this structure were trained to in 8 epochs of half of CIFAR-10; an order for everything else.",
	formula:
		"1 / (1 + e^−x), x = 1.01 − 0.036 max(0, 16 − context) − 0.045 max(0, blur − 2) − 0.026 max(0, effective_depth − d) − 0.109 max(0, ln(200,000 √(outputs / 10) / parameters without linear layers)); d is 15 up to three halvings of the map by stride, and 5 more for each further one",
	source: "fitted to networks that we trained (docs/accuracy.md)",
	direction: "higher",
	unit: "1",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
	compute({ graph }) {
		return finite(1 / (1 + Math.exp(-structureLogit(graph))));
	},
};
