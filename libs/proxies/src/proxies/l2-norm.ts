import { finite, type ProxySpec } from "../proxy.js";
import { COUNT } from "./counts.js";

export const l2Norm: ProxySpec = {
	...COUNT,
	description: "Size of the initial weights.",
	formula: "Σ_l ‖w_l‖₂ over convolutions and linear layers, without biases",
	source: "Abdelfattah et al. 2021, a baseline there",
	direction: "higher",
	unit: "1",
	compute: ({ subject: { parameters }, graph }) =>
		finite(
			graph.layers.reduce((total, { kind, name }) => {
				if (kind !== "conv" && kind !== "linear") return total;
				return total + norm(parameters.get(`${name}.weight`)!);
			}, 0),
		),
};

function norm(weights: Float32Array): number {
	let squares = 0;
	for (let i = 0; i < weights.length; i++) squares += weights[i]! * weights[i]!;
	return Math.sqrt(squares);
}
