import {
	valueElements as elements,
	type LayerGraph,
	type LayerKind,
	type LayerOfKind,
	type Value,
} from "./layer.js";
import { lowerNetwork } from "./lower-network.js";
import type { Network } from "./network.js";

/** Exact size and cost of one image's forward pass. */
export interface Counts {
	/** Trainable parameters. */
	readonly parameterCount: number;
	/** Multiply-accumulates of convolutions and linear layers; what most mobile papers call FLOPs. */
	readonly macCount: number;
	/**
	 * The paper's FLOPs: 2 × (convolutions and linear layers with their biases + BN 2 per input element with affine and 1
	 * without + activations, pooling and squeezing 1 per input element + scaling 1 per element). Additions of the graph are free.
	 */
	readonly flopCount: number;
	/** Number of convolutions and linear layers. */
	readonly layerCount: number;
}

/** What one kind of layer contributes. */
interface CountRule<K extends LayerKind> {
	readonly parameters: (layer: LayerOfKind<K>) => number;
	/** Multiply-accumulates, biases not included. */
	readonly macs: (layer: LayerOfKind<K>, output: Value) => number;
	/** Half of the contribution to `flopCount` beyond the multiply-accumulates. */
	readonly extras: (layer: LayerOfKind<K>, input: Value, output: Value) => number;
	/** Whether it counts as a layer with weights. */
	readonly weighted: boolean;
}

const none = () => 0;

const ONE_PER_INPUT = {
	parameters: none,
	macs: none,
	extras: (_: unknown, input: Value) => elements(input),
	weighted: false,
} as const;

const COUNT_RULES: { readonly [K in LayerKind]: CountRule<K> } = {
	conv: {
		parameters: (layer) => weightsOfConv(layer) + (layer.bias ? layer.outChannels : 0),
		macs: (layer, output) => weightsOfConv(layer) * output.height * output.width,
		extras: (layer, _, output) => (layer.bias ? elements(output) : 0),
		weighted: true,
	},
	batch_norm: {
		parameters: ({ affine, channels }) => (affine ? 2 * channels : 0),
		macs: none,
		extras: ({ affine }, input) => (affine ? 2 : 1) * elements(input),
		weighted: false,
	},
	relu: ONE_PER_INPUT,
	hard_swish: ONE_PER_INPUT,
	hard_sigmoid: ONE_PER_INPUT,
	sigmoid: ONE_PER_INPUT,
	squeeze: ONE_PER_INPUT,
	flatten: { parameters: none, macs: none, extras: none, weighted: false },
	scale: ONE_PER_INPUT,
	average_pool: ONE_PER_INPUT,
	add: { parameters: none, macs: none, extras: none, weighted: false },
	zero: { parameters: none, macs: none, extras: none, weighted: false },
	global_average_pool: ONE_PER_INPUT,
	linear: {
		parameters: ({ inFeatures, outFeatures }) => (inFeatures + 1) * outFeatures,
		macs: ({ inFeatures, outFeatures }) => inFeatures * outFeatures,
		extras: ({ outFeatures }) => outFeatures,
		weighted: true,
	},
};

function weightsOfConv({ inChannels, outChannels, groups, kernel }: LayerOfKind<"conv">): number {
	return (inChannels / groups) * outChannels * kernel ** 2;
}

/** Counts of one layer; `values` are the shapes of the graph that it belongs to. */
export function countLayer<K extends LayerKind>(layer: LayerOfKind<K>, values: readonly Value[]): Counts {
	// The kind of a layer selects the rule of that kind, which the compiler cannot follow through a lookup.
	const rule = COUNT_RULES[layer.kind] as unknown as CountRule<K>;
	const input = values[layer.inputs[0]!]!;
	const output = values[layer.output]!;
	const macCount = rule.macs(layer, output);
	return {
		parameterCount: rule.parameters(layer),
		macCount,
		flopCount: 2 * (macCount + rule.extras(layer, input, output)),
		layerCount: rule.weighted ? 1 : 0,
	};
}

/** Counts of all layers of a graph. */
export function countLayers({ layers, values }: LayerGraph): Counts {
	return sumCounts(layers.map((layer) => countLayer(layer, values)));
}

/** Counts of a network for one image of its input size. */
export function countNetwork(network: Network): Counts {
	return countLayers(lowerNetwork(network));
}

/** Field by field sum. */
export function sumCounts(parts: readonly Counts[]): Counts {
	return parts.reduce<Counts>(
		(total, part) => ({
			parameterCount: total.parameterCount + part.parameterCount,
			macCount: total.macCount + part.macCount,
			flopCount: total.flopCount + part.flopCount,
			layerCount: total.layerCount + part.layerCount,
		}),
		{ parameterCount: 0, macCount: 0, flopCount: 0, layerCount: 0 },
	);
}
