import { type Conv2dAttributes, conv2dOperator } from "../operators/convolution.js";
import type { Tensor } from "../tensor.js";
import { BLOCKED_DOMAIN, type BlockedLayout, imageShape, type LaidOut } from "./blocked-layout.js";

/** Whether onnxruntime has a blocked convolution for the node's channel groups: none, or one for each channel. */
export function hasBlockedForm(node: Tensor): boolean {
	return node.operator === conv2dOperator && (groupsOf(node) === 1 || isDepthwise(node));
}

const groupsOf = (node: Tensor) => (node.attributes as Conv2dAttributes).groups;

function isDepthwise({ inputs, attributes }: Tensor): boolean {
	const { groups } = attributes as Conv2dAttributes;
	return groups > 1 && inputs[0]!.shape[1] === groups && inputs[1]!.shape[0] === groups;
}

/**
 * Writes a convolution in blocked layout.
 *
 * @param node one that {@link hasBlockedForm}
 * @param activation what the convolution applies to its result
 */
export function blockedConvolution(layout: BlockedLayout, node: Tensor, activation: "Relu" | null): LaidOut {
	const { stride, padding, dilation } = node.attributes as Conv2dAttributes;
	const [x, w] = node.inputs as [Tensor, Tensor];
	const kernel = imageShape(w)[2];
	const channels = imageShape(x)[1];
	const depthwise = isDepthwise(node);
	// A plain image of few channels is read as it is, with weights in an order of their own.
	const direct = !depthwise && channels < layout.block && !layout.has(x);
	const inputs = direct
		? [layout.plain(x), packRows(layout, w)]
		: [layout.blocked(x), depthwise ? packRows(layout, w) : packBlocks(layout, w)];
	return {
		blocked: layout.writer.node(
			"Conv",
			inputs,
			{
				kernel_shape: [kernel, kernel],
				strides: [stride, stride],
				pads: [padding, padding, padding, padding],
				dilations: [dilation, dilation],
				group: depthwise ? layout.padded(channels) : 1,
				...(activation && { activation }),
			},
			{ domain: BLOCKED_DOMAIN },
		),
	};
}

/** Weights [O, I, k, k] as [O'/b, I'/b, k, k, b (of I), b (of O)]. */
function packBlocks(layout: BlockedLayout, w: Tensor): string {
	const shape = imageShape(w);
	const [outputs, inputs, kernel] = shape;
	const { block } = layout;
	const [o, i] = [layout.padded(outputs), layout.padded(inputs)];
	const rows = layout.padTo(layout.plain(w), shape, 0, o);
	const padded = layout.padTo(rows, [o, inputs, kernel, kernel], 1, i);
	const split = layout.reshape(padded, [o / block, block, i / block, block, kernel, kernel]);
	return layout.reshape(layout.transpose(split, [0, 2, 4, 5, 3, 1]), [o, i, kernel, kernel]);
}

/** Weights [O, I, k, k] as [O'/b, I, k, k, b (of O)]. */
function packRows(layout: BlockedLayout, w: Tensor): string {
	const shape = imageShape(w);
	const [outputs, inputs, kernel] = shape;
	const { block } = layout;
	const o = layout.padded(outputs);
	const padded = layout.padTo(layout.plain(w), shape, 0, o);
	const split = layout.reshape(padded, [o / block, block, inputs, kernel, kernel]);
	return layout.reshape(layout.transpose(split, [0, 2, 3, 4, 1]), [o, inputs, kernel, kernel]);
}

/**
 * ∂L/∂w of a depthwise convolution as one depthwise convolution: image n and channel c of the batch become channel (n, c) of a
 * single image, convolved with the upstream gradient of the same (n, c) as its kernel. Element (i, j) of the result is
 * Σ_h,w g[h, w] x[h·s + i·d, w·s + j·d], so stride and dilation change places. Neither operand moves in memory.
 */
export function blockedDepthwiseWeightGradient(
	layout: BlockedLayout,
	[x, upstream]: readonly Tensor[],
	kernel: number,
	{ stride, padding, dilation }: Conv2dAttributes,
): LaidOut {
	const { block, writer } = layout;
	const [batch, channels, height, width] = layout.shapeOf(x!);
	const [, , outHeight, outWidth] = imageShape(upstream!);
	const lanes = batch * channels;
	// as many zeros behind as let the kernel take k places; where that is less than none, places behind are cut off
	const behind = (size: number, out: number) =>
		dilation * (kernel - 1) + stride * (out - 1) + 1 - size - padding;
	const ends = [behind(height, outHeight), behind(width, outWidth)] as const;
	const places = ends.map((end) => kernel + Math.floor(Math.max(0, -end) / dilation)) as [number, number];
	const products = writer.node(
		"Conv",
		[
			layout.reshape(layout.blocked(x!), [1, lanes, height, width]),
			layout.reshape(layout.blocked(upstream!), [lanes, 1, outHeight, outWidth]),
		],
		{
			kernel_shape: [outHeight, outWidth],
			strides: [dilation, dilation],
			pads: [padding, padding, Math.max(0, ends[0]), Math.max(0, ends[1])],
			dilations: [stride, stride],
			group: lanes,
		},
		{ domain: BLOCKED_DOMAIN },
	);
	const perImage = layout.reshape(products, [batch, channels / block, ...places, block]);
	const sum = writer.node("ReduceSum", [perImage, writer.int64s([0])], { keepdims: 0 });
	const byChannel = layout.reshape(layout.transpose(sum, [0, 3, 1, 2]), [channels, 1, ...places]);
	return { plain: cut(layout, byChannel, [imageShape(x!)[1], kernel, kernel], [channels, ...places]) };
}

/** The first channels, rows and columns of [C, 1, H, W]. */
function cut(
	{ writer }: BlockedLayout,
	name: string,
	wanted: readonly [number, number, number],
	has: readonly number[],
): string {
	if (wanted.every((length, i) => length === has[i])) return name;
	return writer.node("Slice", [
		name,
		writer.int64s([0, 0, 0]),
		writer.int64s(wanted),
		writer.int64s([0, 2, 3]),
	]);
}
