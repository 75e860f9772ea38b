import {
	add,
	type CompositeName,
	composite,
	mul,
	reciprocal,
	reduceMean,
	reshape,
	scalar,
	sqrt,
	sub,
	withGradient,
} from "../operators/index.js";
import { staticShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Default ε of batch and layer normalisation in PyTorch. */
export const NORMALIZATION_EPSILON = 1e-5;

/** What `normalize` subtracts and multiplies by, each of x's shape with 1 for the axes. */
export interface Statistics {
	readonly mean: Tensor;
	/** 1 / √(variance + ε), variance without Bessel's correction. */
	readonly precision: Tensor;
}

/** Mean and precision of x over the axes, as `normalize` finds them. */
export function statisticsOf(
	x: Tensor,
	axes: readonly number[],
	epsilon = NORMALIZATION_EPSILON,
): Statistics {
	const mean = reduceMean(x, axes, true);
	const centered = sub(x, mean);
	const squares = reduceMean(mul(centered, centered), axes, true);
	const variance = channelwise(x, axes)("channelVariance", squares, [x, mean]);
	return { mean, precision: reciprocal(sqrt(add(variance, scalar(epsilon)))) };
}

/**
 * x̂ = (x − mean) / √(variance + ε) over the axes. The gradient is (g − mean(g) − x̂ mean(g x̂)) / √(variance + ε).
 *
 * @param statistics of x over the axes, found here unless given
 * @param result x̂, for a caller who has it without x
 */
export function normalize(
	x: Tensor,
	axes: readonly number[],
	epsilon = NORMALIZATION_EPSILON,
	{ mean, precision }: Statistics = statisticsOf(x, axes, epsilon),
	result?: Tensor,
): Tensor {
	const form = channelwise(x, axes);
	const standardized = () => form("channelStandardize", mul(sub(x, mean), precision), [x, mean, precision]);
	return withGradient(result ?? standardized(), [x], (g, y) => {
		const offset = mul(reduceMean(g, axes, true), precision);
		const slope = mul(form("channelMeanProduct", reduceMean(mul(g, y), axes, true), [g, y]), precision);
		const gradient = sub(mul(g, precision), add(mul(y, slope), offset));
		return [form("channelResidual", gradient, [g, precision, y, slope, offset])];
	});
}

/** Names the steps of a normalisation of images channel by channel; those over other axes have no names. */
function channelwise(x: Tensor, axes: readonly number[]) {
	const isChannelwise = x.rank === 4 && axes.join() === "0,2,3";
	return (name: Extract<CompositeName, `channel${string}`>, value: Tensor, sources: readonly Tensor[]) =>
		isChannelwise ? composite(name, value, sources, null) : value;
}

/** Layer normalisation over the last axis with weight and bias [features]. */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon = NORMALIZATION_EPSILON): Tensor {
	return add(mul(normalize(x, [x.rank - 1], epsilon), weight), bias);
}

/** [C] → [1, C, 1, 1], to act on the channels of an image batch. */
function perChannel(x: Tensor): Tensor {
	return reshape(x, [1, ...staticShape(x.shape), 1, 1]);
}

function affine(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
	const scaled = weight === null ? x : mul(x, perChannel(weight));
	return bias === null ? scaled : add(scaled, perChannel(bias));
}

/** Batch normalisation of [N, C, H, W] by the batch's own statistics; weight and bias [C] or null for none. */
export function batchNormTrain(
	x: Tensor,
	weight: Tensor | null,
	bias: Tensor | null,
	epsilon = NORMALIZATION_EPSILON,
): Tensor {
	return affine(normalize(x, [0, 2, 3], epsilon), weight, bias);
}

/** Batch normalisation by fresh running statistics (mean 0, variance 1): a division by √(1 + ε). */
export function batchNormEval(
	x: Tensor,
	weight: Tensor | null,
	bias: Tensor | null,
	epsilon = NORMALIZATION_EPSILON,
): Tensor {
	return affine(mul(x, scalar(1 / Math.sqrt(1 + epsilon))), weight, bias);
}
