import { valueElements } from "@archgen/search-space";
import { isWeighted } from "../layer-expressions.js";
import { finite, type ProxySpec } from "../proxy.js";
import { COUNT } from "./counts.js";

export const activations: ProxySpec = {
	...COUNT,
	description:
		"Elements that convolutions and linear layers write for one image, which is what memory traffic follows.",
	formula: "Σ_l C_out·H·W of the output of convolution or linear layer l",
	source: "exact count; Radosavovic et al. 2020",
	unit: "elements",
	compute: ({ graph: { layers, values } }) =>
		finite(
			layers.filter(isWeighted).reduce((total, { output }) => {
				return total + valueElements(values[output]!);
			}, 0),
		),
};
