import { valueElements } from "@archgen/search-space";
import { isWeighted } from "../layer-expressions.js";
import { finite, type ProxySpec } from "../proxy.js";

export const activations: ProxySpec = {
	description:
		"Elements that convolutions and linear layers write for one image, which is what memory traffic follows.",
	formula: "Σ_l C_out·H·W of the output of convolution or linear layer l",
	source: "exact count; Radosavovic et al. 2020",
	direction: "neutral",
	unit: "elements",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
	compute: ({ graph: { layers, values } }) =>
		finite(
			layers.filter(isWeighted).reduce((total, { output }) => {
				return total + valueElements(values[output]!);
			}, 0),
		),
};
