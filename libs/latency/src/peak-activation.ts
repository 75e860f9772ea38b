import { lowerNetwork, type Network, type Value, valueElements } from "@archgen/search-space";

const BYTES = 4;
/** They may overwrite what they read when nothing else reads it. */
const IN_PLACE: ReadonlySet<string> = new Set(["relu", "batch_norm", "add"]);

/**
 * Memory of the largest set of feature maps that are alive at once, in bytes: float32, one image, layers run one by one in
 * the order of the graph, a map is freed after its last reader, and ReLU, batch normalisation and sums work in place where
 * they are the last reader. Weights and scratch space of convolutions are not counted.
 */
export function peakActivationBytes(network: Network): number {
	const { layers, values, input, output } = lowerNetwork(network);
	const lastReader = new Map<number, number>([[output, layers.length]]);
	layers.forEach((layer, at) => {
		for (const value of layer.inputs) lastReader.set(value, Math.max(at, lastReader.get(value) ?? 0));
	});
	let alive = bytesOf(values[input]!);
	let peak = alive;
	layers.forEach((layer, at) => {
		const ending = [...new Set(layer.inputs)].filter((value) => lastReader.get(value) === at);
		const made = bytesOf(values[layer.output]!);
		const reused = IN_PLACE.has(layer.kind) && ending.length > 0;
		peak = Math.max(peak, alive + (reused ? 0 : made));
		alive += made - ending.reduce((sum, value) => sum + bytesOf(values[value]!), 0);
	});
	return peak;
}

function bytesOf(value: Value): number {
	return BYTES * valueElements(value);
}
