import type { Tensor } from "../tensor.js";
import { BLOCKED_DOMAIN, type BlockedLayout, imageShape, type LaidOut } from "./blocked-layout.js";

/**
 * Σ a ⊙ b over images and places, channel by channel, [1, C, 1, 1]: each image and channel of a is convolved with those of b as
 * kernel, which fits in one place. No product is written down.
 */
function channelDot(layout: BlockedLayout, a: Tensor, b: Tensor): string {
	const { writer } = layout;
	const [batch, channels, height, width] = layout.shapeOf(a);
	const lanes = batch * channels;
	const products = writer.node(
		"Conv",
		[
			layout.reshape(layout.blocked(a), [1, lanes, height, width]),
			layout.reshape(layout.blocked(b), [lanes, 1, height, width]),
		],
		{
			kernel_shape: [height, width],
			strides: [1, 1],
			pads: [0, 0, 0, 0],
			dilations: [1, 1],
			group: lanes,
		},
		{ domain: BLOCKED_DOMAIN },
	);
	const perImage = layout.reshape(products, [batch, channels]);
	const sum = writer.node("ReduceSum", [perImage, writer.int64s([0])], { keepdims: 0 });
	return layout.firstChannels(sum, imageShape(a)[1]);
}

/** The mean of a ⊙ b over images and places, [1, C, 1, 1]. */
export function channelMeanProduct(layout: BlockedLayout, [a, b]: readonly Tensor[]): LaidOut {
	const [batch, , height, width] = imageShape(a!);
	const share = layout.writer.constant(Float32Array.of(1 / (batch * height * width)), [], "float32");
	return { plain: layout.writer.node("Mul", [channelDot(layout, a!, b!), share]) };
}

/** E[x²] − E[x]², where rounding must not make it negative, [1, C, 1, 1]. */
export function channelVariance(layout: BlockedLayout, [x, mean]: readonly Tensor[]): LaidOut {
	const { writer } = layout;
	const { plain: squares } = channelMeanProduct(layout, [x!, x!]);
	const squaredMean = writer.node("Mul", [layout.plain(mean!), layout.plain(mean!)]);
	return { plain: writer.node("Relu", [writer.node("Sub", [squares!, squaredMean])]) };
}

/** (x − mean) · factor with a mean and a factor for each channel, as x · factor − mean · factor. */
export function channelStandardize(layout: BlockedLayout, [x, mean, factor]: readonly Tensor[]): LaidOut {
	const { writer } = layout;
	const shift = writer.node("Neg", [writer.node("Mul", [layout.plain(mean!), layout.plain(factor!)])]);
	return { blocked: channelAffine(layout, x!, layout.plain(factor!), shift) };
}

/** g · scale − (y · slope + offset) with three numbers for each channel. */
export function channelResidual(
	layout: BlockedLayout,
	[g, scale, y, slope, offset]: readonly Tensor[],
): LaidOut {
	const { writer } = layout;
	const minus = (x: Tensor) => writer.node("Neg", [layout.plain(x)]);
	const first = channelAffine(layout, y!, minus(slope!), minus(offset!));
	return { blocked: channelAffine(layout, g!, layout.plain(scale!), undefined, first) };
}

/** x · factor + shift + summand as one 1×1 depthwise convolution; factor and shift are plain [1, C, 1, 1]. */
function channelAffine(
	layout: BlockedLayout,
	x: Tensor,
	factor: string,
	shift = "",
	summand?: string,
): string {
	const channels = imageShape(x)[1];
	const padded = layout.padded(channels);
	const lanes = (name: string, shape: readonly number[]) =>
		layout.reshape(layout.padTo(name, [1, channels, 1, 1], 1, padded), shape);
	const inputs = [layout.blocked(x), lanes(factor, [padded, 1, 1, 1])];
	if (shift !== "" || summand !== undefined) inputs.push(shift && lanes(shift, [padded]));
	if (summand !== undefined) inputs.push(summand);
	return layout.writer.node(
		"Conv",
		inputs,
		{ kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: padded },
		{ domain: BLOCKED_DOMAIN },
	);
}
