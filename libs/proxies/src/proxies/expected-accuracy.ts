import { finite, type ProxySpec } from "../proxy.js";
import { structureLogit } from "../trained-fit.js";

export const expectedAccuracy: ProxySpec = {
	description:
		"Share of right answers that networks of this structure were trained to in 8 epochs of half of CIFAR-10; an order for everything else.",
	formula:
		"1 / (1 + e^−x), x = 1.07 − 0.041 max(0, 16 − context) − 0.042 max(0, blur − 2) − 0.024 max(0, effective_depth − d) − 0.113 max(0, ln(200,000 √(outputs / 10) / parameters without linear layers)); d is 10 up to three halvings of the map by stride, and 3⅓ more for each further one",
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
