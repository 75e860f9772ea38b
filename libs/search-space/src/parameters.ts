import { fillUniform, type Random } from "@archgen/random";
import type { LayerGraph, LayerKind, LayerOfKind } from "./layer.js";

export type ParameterKind =
	| "conv_weight"
	| "conv_bias"
	| "bn_weight"
	| "bn_bias"
	| "linear_weight"
	| "linear_bias";

/** One trainable tensor of a layer. */
export interface LayerParameter {
	/** `${layer}.weight` or `${layer}.bias`. */
	readonly name: string;
	/** conv [out, in / groups, k, k]; linear [out, in]; biases and BN [channels]. */
	readonly shape: number[];
	readonly kind: ParameterKind;
	/** Inputs of one output unit: in / groups · k² for convolutions, in for linear layers, 0 for BN. */
	readonly fanIn: number;
}

const PARAMETER_RULES: { readonly [K in LayerKind]: (layer: LayerOfKind<K>) => LayerParameter[] } = {
	conv: ({ name, inChannels, outChannels, groups, kernel, bias }) => {
		const depth = inChannels / groups;
		const fanIn = depth * kernel ** 2;
		const shape = [outChannels, depth, kernel, kernel];
		const weight = { name: `${name}.weight`, shape, kind: "conv_weight", fanIn } as const;
		if (!bias) return [weight];
		return [weight, { name: `${name}.bias`, shape: [outChannels], kind: "conv_bias", fanIn }];
	},
	batch_norm: ({ name, channels, affine }) =>
		affine
			? [
					{ name: `${name}.weight`, shape: [channels], kind: "bn_weight", fanIn: 0 },
					{ name: `${name}.bias`, shape: [channels], kind: "bn_bias", fanIn: 0 },
				]
			: [],
	relu: () => [],
	hard_swish: () => [],
	hard_sigmoid: () => [],
	sigmoid: () => [],
	squeeze: () => [],
	flatten: () => [],
	scale: () => [],
	average_pool: () => [],
	add: () => [],
	zero: () => [],
	global_average_pool: () => [],
	linear: ({ name, inFeatures, outFeatures }) => [
		{ name: `${name}.weight`, shape: [outFeatures, inFeatures], kind: "linear_weight", fanIn: inFeatures },
		{ name: `${name}.bias`, shape: [outFeatures], kind: "linear_bias", fanIn: inFeatures },
	],
};

/** Trainable tensors of one layer. */
export function layerParameters<K extends LayerKind>(layer: LayerOfKind<K>): LayerParameter[] {
	// The kind of a layer selects the rule of that kind, which the compiler cannot follow through a lookup.
	return (PARAMETER_RULES[layer.kind] as unknown as (layer: LayerOfKind<K>) => LayerParameter[])(layer);
}

/** Trainable tensors of a graph, in the order of its layers. */
export function parameterSpecs(graph: LayerGraph): readonly LayerParameter[] {
	return graph.layers.flatMap((layer) => layerParameters(layer));
}

/**
 * PyTorch's default initialisation: uniform ±1/√fan_in for weights and biases of convolutions and linear layers, BN
 * weight 1 and bias 0. Each tensor is drawn from its own stream `random.fork(name)`, so that equal names in two networks
 * get equal numbers.
 *
 * @returns row-major values by parameter name
 */
export function initializeParameters(graph: LayerGraph, random: Random): Map<string, Float32Array> {
	return new Map(parameterSpecs(graph).map((spec) => [spec.name, initialValues(spec, random)]));
}

function initialValues({ name, shape, kind, fanIn }: LayerParameter, random: Random): Float32Array {
	const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
	if (kind === "bn_weight") return values.fill(1);
	if (kind === "bn_bias") return values;
	const bound = 1 / Math.sqrt(fanIn);
	return fillUniform(random.fork(name), values, -bound, bound);
}
