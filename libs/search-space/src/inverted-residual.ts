import type { ActivationKind, ConvOptions, LayerBuilder } from "./layer-builder.js";
import { appendSqueezeExcite, type SqueezeExcite } from "./squeeze-excite.js";

/** Choices of an inverted residual block. */
export interface InvertedResidual {
	readonly channels: number;
	/** Width of the depthwise convolution; equal to the input's channels, the first convolution is left out. */
	readonly hidden: number;
	readonly kernel: number;
	readonly stride: number;
	/** Default ReLU. */
	readonly activation?: ActivationKind;
	/** Between depthwise and last convolution; default none. */
	readonly squeezeExcite?: SqueezeExcite | undefined;
}

/**
 * MobileNetV2's block (Sandler et al., CVPR 2018) with the additions of MobileNetV3: [1×1 → BN → activation →] depthwise k×k → BN → activation →
 * [squeeze-and-excitation →] 1×1 → BN, added to its input where both have the same shape.
 */
export function appendInvertedResidual(
	builder: LayerBuilder,
	name: string,
	input: number,
	{ channels, hidden, kernel, stride, activation, squeezeExcite }: InvertedResidual,
): number {
	const inChannels = builder.shape(input).channels;
	let value = input;
	if (hidden !== inChannels)
		value = appendConvNorm(builder, `${name}.expand`, value, { outChannels: hidden, activation });
	const depthwise = { outChannels: hidden, groups: hidden, kernel, stride, activation };
	value = appendConvNorm(builder, `${name}.depthwise`, value, depthwise);
	if (squeezeExcite) value = appendSqueezeExcite(builder, `${name}.se`, value, squeezeExcite);
	value = builder.conv(`${name}.project.conv`, value, { outChannels: channels });
	value = builder.batchNorm(`${name}.project.norm`, value);
	return stride === 1 && inChannels === channels ? builder.add(`${name}.sum`, [input, value]) : value;
}

/** Convolution → BN → activation, ReLU by default. */
export function appendConvNorm(
	builder: LayerBuilder,
	name: string,
	input: number,
	{ activation = "relu", ...options }: ConvOptions & { readonly activation?: ActivationKind | undefined },
): number {
	const mapped = builder.conv(`${name}.conv`, input, options);
	return builder.activation(activation, `${name}.act`, builder.batchNorm(`${name}.norm`, mapped));
}

/** Convolution of 1×1 → BN → ReLU → global average pool → linear. */
export function appendMobileHead(
	builder: LayerBuilder,
	input: number,
	{ features, classes }: { readonly features: number; readonly classes: number },
): number {
	const wide = appendConvNorm(builder, "head", input, { outChannels: features });
	return builder.linear("head.classifier", builder.globalAveragePool("head.pool", wide), classes);
}
