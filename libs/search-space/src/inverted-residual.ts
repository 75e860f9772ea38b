import type { LayerBuilder } from "./layer-builder.js";

/** Choices of an inverted residual block. */
export interface InvertedResidual {
	readonly channels: number;
	/** Width of the depthwise convolution; equal to the input's channels, the first convolution is left out. */
	readonly hidden: number;
	readonly kernel: number;
	readonly stride: number;
}

/**
 * MobileNetV2's block (Sandler et al., CVPR 2018): [1×1 → BN → ReLU →] depthwise k×k → BN → ReLU → 1×1 → BN, added to its input where both have the
 * same shape.
 */
export function appendInvertedResidual(
	builder: LayerBuilder,
	name: string,
	input: number,
	{ channels, hidden, kernel, stride }: InvertedResidual,
): number {
	const inChannels = builder.shape(input).channels;
	let value = input;
	if (hidden !== inChannels)
		value = appendConvNormRelu(builder, `${name}.expand`, value, { outChannels: hidden });
	value = appendConvNormRelu(builder, `${name}.depthwise`, value, {
		outChannels: hidden,
		groups: hidden,
		kernel,
		stride,
	});
	value = builder.conv(`${name}.project.conv`, value, { outChannels: channels });
	value = builder.batchNorm(`${name}.project.norm`, value);
	return stride === 1 && inChannels === channels ? builder.add(`${name}.sum`, [input, value]) : value;
}

/** Convolution → BN → ReLU. */
export function appendConvNormRelu(
	builder: LayerBuilder,
	name: string,
	input: number,
	options: Parameters<LayerBuilder["conv"]>[2],
): number {
	const mapped = builder.conv(`${name}.conv`, input, options);
	return builder.relu(`${name}.relu`, builder.batchNorm(`${name}.norm`, mapped));
}

/** Convolution of 1×1 → BN → ReLU → global average pool → linear. */
export function appendMobileHead(
	builder: LayerBuilder,
	input: number,
	{ features, classes }: { readonly features: number; readonly classes: number },
): number {
	const wide = appendConvNormRelu(builder, "head", input, { outChannels: features });
	return builder.linear("head.classifier", builder.globalAveragePool("head.pool", wide), classes);
}
