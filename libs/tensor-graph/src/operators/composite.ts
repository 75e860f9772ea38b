import { apply, type Operator, type Tensor } from "../tensor.js";
import type { Conv2dAttributes } from "./convolution.js";

/** Named operations made of several operators, by name with their attributes. */
export interface Composites {
	/** conv2d(x, w) + shift; sources x, w, shift [1, O, 1, 1]. */
	readonly shiftedConv2d: Conv2dAttributes;
	/** ∂L/∂w of a convolution without groups and a kernel of this side; sources x, ∂L/∂y. */
	readonly denseWeightGradient: Conv2dAttributes & { readonly kernel: number };
	/** The same of a depthwise convolution. */
	readonly depthwiseWeightGradient: Conv2dAttributes & { readonly kernel: number };
	/** Mean of a ⊙ b over images and places [1, C, 1, 1]; sources a, b. */
	readonly channelMeanProduct: null;
	/** Variance of x over images and places [1, C, 1, 1]; sources x, its mean. */
	readonly channelVariance: null;
	/** (x − mean) · factor; sources x, mean, factor [1, C, 1, 1]. */
	readonly channelStandardize: null;
	/** g · scale − (y · slope + offset); sources g, scale, y, slope, offset, the numbers [1, C, 1, 1]. */
	readonly channelResidual: null;
	/** X Xᵀ of the 0/1 codes X [N, …] of the signs of y; source y. */
	readonly signCodeProduct: null;
}

export type CompositeName = keyof Composites;

/** The name of a composite with its attributes. */
export type CompositeAttributes = {
	readonly [K in CompositeName]: { readonly name: K; readonly attributes: Composites[K] };
}[CompositeName];

/** Passes its first input through, the decomposition, to which its gradient flows; the other inputs are the sources. */
export const compositeOperator: Operator<CompositeAttributes> = {
	name: "composite",
	infer: ([value]) => ({ shape: value!.shape, dtype: value!.dtype }),
	emit: (_writer, [value]) => value!,
	gradient: (_node, upstream) => [upstream],
};

/**
 * Names what a value is of its sources, as an annotation: a rewrite of the graph may compute it from them in another way.
 *
 * @param value the decomposition, computed from `sources` by other operators
 */
export function composite<K extends CompositeName>(
	name: K,
	value: Tensor,
	sources: readonly Tensor[],
	attributes: Composites[K],
): Tensor {
	return apply(compositeOperator, [value, ...sources], { name, attributes } as CompositeAttributes);
}
