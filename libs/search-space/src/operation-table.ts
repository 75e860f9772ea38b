import type { LayerBuilder } from "./layer-builder.js";
import type { Kernel, Operation, OperationType } from "./operation.js";

/** Where an operation stands: it reads a value of any channel count and writes one of `channels`. */
export interface OperationSite {
	readonly name: string;
	/** Id of the value read; its channel count Cin may differ from `channels`. */
	readonly input: number;
	readonly kernel: Kernel;
	/** Output channels C. */
	readonly channels: number;
	readonly stride: number;
}

/** All that is known of one operation type. Counts follow from the primitive layers that `lower` emits. */
export interface OperationSpec {
	/** For people: pictures and tables. */
	readonly title: string;
	/** Emits the primitive layers and returns the id of the resulting value. */
	readonly lower: (builder: LayerBuilder, site: OperationSite) => number;
}

/** ReLU → Conv k×k → BN. */
function convolution(
	builder: LayerBuilder,
	{ name, input, kernel, channels, stride }: OperationSite,
): number {
	const active = builder.relu(`${name}.relu`, input);
	const mapped = builder.conv(`${name}.conv`, active, { outChannels: channels, kernel, stride });
	return builder.batchNorm(`${name}.norm`, mapped);
}

/** ReLU → depthwise k×k → pointwise 1×1 → BN; the depthwise part works on Cin channels and strides. */
function separable(dilation: number): OperationSpec["lower"] {
	return (builder, { name, input, kernel, channels, stride }) => {
		const groups = builder.shape(input).channels;
		const active = builder.relu(`${name}.relu`, input);
		const depthwise = { outChannels: groups, groups, kernel, stride, dilation };
		const filtered = builder.conv(`${name}.depthwise`, active, depthwise);
		const mixed = builder.conv(`${name}.pointwise`, filtered, { outChannels: channels });
		return builder.batchNorm(`${name}.norm`, mixed);
	};
}

/** ReLU → 1×1 Cin→⌊e·Cin⌋ → BN → ReLU → depthwise k×k → BN → ReLU → 1×1 → BN. No residual inside. */
function bottleneck(expansion: number): OperationSpec["lower"] {
	return (builder, { name, input, kernel, channels, stride }) => {
		const hidden = Math.floor(expansion * builder.shape(input).channels);
		let value = builder.relu(`${name}.relu`, input);
		value = builder.conv(`${name}.expand`, value, { outChannels: hidden });
		value = builder.batchNorm(`${name}.expand_norm`, value);
		value = builder.relu(`${name}.expand_relu`, value);
		value = builder.conv(`${name}.depthwise`, value, { outChannels: hidden, groups: hidden, kernel, stride });
		value = builder.batchNorm(`${name}.depthwise_norm`, value);
		value = builder.relu(`${name}.depthwise_relu`, value);
		value = builder.conv(`${name}.project`, value, { outChannels: channels });
		return builder.batchNorm(`${name}.norm`, value);
	};
}

/** Average pool → BN without affine; where Cin ≠ C, then ReLU → 1×1 with bias → BN. */
function pooling(builder: LayerBuilder, { name, input, kernel, channels, stride }: OperationSite): number {
	const pooled = builder.averagePool(`${name}.pool`, input, kernel, stride);
	const normed = builder.batchNorm(`${name}.pool_norm`, pooled, false);
	if (builder.shape(input).channels === channels) return normed;
	const active = builder.relu(`${name}.relu`, normed);
	const mapped = builder.conv(`${name}.conv`, active, { outChannels: channels, bias: true });
	return builder.batchNorm(`${name}.norm`, mapped);
}

/** One record per operation type (paper, App. B; widths and order as in the published results). */
export const OPERATION_TABLE: Readonly<Record<OperationType, OperationSpec>> = {
	avg_pool: { title: "average pool", lower: pooling },
	conv: { title: "convolution", lower: convolution },
	sep_conv: { title: "separable convolution", lower: separable(1) },
	dil_conv: { title: "dilated separable convolution", lower: separable(2) },
	mbconv_2: { title: "inverted bottleneck ×2", lower: bottleneck(2) },
	mbconv_3: { title: "inverted bottleneck ×3", lower: bottleneck(3) },
	mbconv_6: { title: "inverted bottleneck ×6", lower: bottleneck(6) },
	bconv_2: { title: "bottleneck ½", lower: bottleneck(1 / 2) },
	bconv_4: { title: "bottleneck ¼", lower: bottleneck(1 / 4) },
};

/** Short label of an operation, e.g. `sep_conv 3×3`. */
export function operationTitle({ type, kernel }: Operation): string {
	return `${type} ${kernel}×${kernel}`;
}
