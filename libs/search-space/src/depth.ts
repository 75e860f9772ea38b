import { countLayer } from "./counting.js";
import type { LayerGraph } from "./layer.js";

/** Convolutions and linear layers on the longest way through a layer list, 0 where no way leads through; zeros end a way. */
export function layerDepth({ layers, values, input, output }: LayerGraph): number {
	const longest = new Map([[input, 0]]);
	for (const layer of layers) {
		const before = layer.inputs.flatMap((id) => longest.get(id) ?? []);
		if (layer.kind === "zero" || before.length === 0) continue;
		longest.set(layer.output, Math.max(...before) + countLayer(layer, values).layerCount);
	}
	return longest.get(output) ?? 0;
}
