import { isWeighted } from "../layer-expressions.js";
import { finite, type ProxySpec } from "../proxy.js";

export const depth: ProxySpec = {
	description: "Convolutions and linear layers on the longest way from the image to the logits.",
	formula:
		"longest path of the layer graph, a convolution or linear layer counting 1 and any other 0; zeros end a path",
	source: "exact count; a baseline",
	direction: "neutral",
	unit: "layers",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
	compute({ graph: { layers, input, output } }) {
		const longest = new Map([[input, 0]]);
		for (const layer of layers) {
			const before = layer.inputs.flatMap((id) => longest.get(id) ?? []);
			if (layer.kind === "zero" || before.length === 0) continue;
			longest.set(layer.output, Math.max(...before) + (isWeighted(layer) ? 1 : 0));
		}
		return finite(longest.get(output) ?? 0);
	},
};
