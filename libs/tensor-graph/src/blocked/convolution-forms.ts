import { type Conv2dAttributes, conv2dOperator } from "../operators/convolution.js";
import type { Tensor } from "../tensor.js";
import { BLOCKED_DOMAIN, type BlockedLayout, imageShape, type LaidOut } from "./blocked-layout.js";

/** A convolution's inputs x and w, and its attributes. */
type Convolution = Pick<Tensor, "inputs" | "attributes">;

/** Whether the node is a convolution that onnxruntime has blocked. */
export function hasBlockedForm(node: Tensor): boolean {
	return node.operator === conv2dOperator && isDenseOrDepthwise(node);
}

/** Whether a convolution's channel groups are none, or one for each channel: those that onnxruntime has blocked. */
export function isDenseOrDepthwise(convolution: Convolution): boolean {
	return (convolution.attributes as Conv2dAttributes).groups === 1 || isDepthwise(convolution);
}

function isDepthwise({ inputs, attributes }: Convolution): boolean {
	const { groups } = attributes as Conv2dAttributes;
	return groups > 1 && inputs[0]!.shape[1] === groups && inputs[1]!.shape[0] === groups;
}

/**
 * Writes a convolution in blocked layout.
 *
 * @param node one that {@link isDenseOrDepthwise}
 * @param activation what the convolution applies to its result
 * @param shift what it adds to each channel before, [1, C, 1, 1]
 */
export function blockedConvolution(
	layout: BlockedLayout,
	node: Convolution,
	activation: "Relu" | null,
	shift?: Tensor,
): LaidOut {
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
	if (shift !== undefined) {
		const padded = layout.padded(imageShape(shift)[1]);
		inputs.push(layout.reshape(layout.padTo(layout.plain(shift), imageShape(shift), 1, padded), [padded]));
	}
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
	return {
		plain: cutTo(layout, byChannel, [channels, 1, ...places], [imageShape(x!)[1], 1, kernel, kernel]),
	};
}

/**
 * ∂L/∂w [O, I, k, k] of a dense undilated convolution as convolutions of the input with the upstream gradient as their kernel. The images of
 * a batch are input channels, a few at a time, and their sums build up. A blocked image, read as one plane [H, W·b], has its b channels
 * side by side at each place, so that kernel elements b columns apart see one channel, and the k·b columns of a result row
 * are the k columns of ∂L/∂w for b input channels.
 */
export function blockedDenseWeightGradient(
	layout: BlockedLayout,
	[x, upstream]: readonly Tensor[],
	kernel: number,
	{ stride, padding }: Conv2dAttributes,
): LaidOut {
	const { block, writer } = layout;
	const [batch, inputBlocks, height, width] = layout.axesOf(x!);
	const [, outputBlocks, outHeight, outWidth] = layout.axesOf(upstream!);
	const images = imagesAtOnce(batch, block);
	const [rows, columns] = [outHeight, outWidth].map((out) => kernel + stride * (out - 1)) as [number, number];
	const behind = [rows - height - padding, columns - width - padding] as const;
	const planes = writer.node("Pad", [
		layout.reshape(layout.blocked(x!), [batch * inputBlocks, height, width, block]),
		writer.int64s([0, padding, padding, 0, 0, ...behind, 0]),
	]);
	const inputs = imageGroups(layout, planes, [batch, inputBlocks, rows * columns * block], images);
	const kernels = imageGroups(
		layout,
		layout.blocked(upstream!),
		[batch, outputBlocks, outHeight * outWidth * block],
		images,
	);
	let sum: string | undefined;
	for (let group = 0; group < batch / images; group++) {
		const plane = layout.reshape(inputs(group), [inputBlocks, images, rows, columns * block]);
		const weights = layout.reshape(kernels(group), [outputBlocks * block, images, outHeight, outWidth]);
		sum = writer.node(
			"Conv",
			[plane, weights, ...(sum === undefined ? [] : ["", sum])],
			{
				kernel_shape: [outHeight, outWidth],
				strides: [1, 1],
				pads: [0, 0, 0, 0],
				dilations: [stride, stride * block],
				group: 1,
			},
			{ domain: BLOCKED_DOMAIN },
		);
	}
	const split = layout.reshape(sum!, [inputBlocks, outputBlocks, kernel, kernel, block, block]);
	const padded = [outputBlocks * block, inputBlocks * block, kernel, kernel];
	const whole = layout.reshape(layout.transpose(split, [1, 5, 0, 4, 2, 3]), padded);
	return {
		plain: cutTo(layout, whole, padded, [imageShape(upstream!)[1], imageShape(x!)[1], kernel, kernel]),
	};
}

/** Images that one convolution takes as its channels: as many as divide the batch, fewer than a block, at most 8. */
function imagesAtOnce(batch: number, block: number): number {
	const most = Math.min(8, block - 1, batch);
	return Array.from({ length: most }, (_, i) => most - i).find((n) => batch % n === 0)!;
}

/** Reads [N, blocks, rest] as groups of images [blocks, images, rest], by number of the group. */
function imageGroups(
	layout: BlockedLayout,
	name: string,
	[batch, blocks, rest]: readonly [number, number, number],
	images: number,
): (group: number) => string {
	const { writer } = layout;
	const groups = layout.reshape(name, [batch / images, images, blocks, rest]);
	const ordered = blocks === 1 ? groups : layout.transpose(groups, [0, 2, 1, 3]);
	return (group) =>
		writer.node("Slice", [ordered, writer.int64s([group]), writer.int64s([group + 1]), writer.int64s([0])]);
}

/** The first elements along each axis. */
function cutTo(
	{ writer }: BlockedLayout,
	name: string,
	shape: readonly number[],
	wanted: readonly number[],
): string {
	if (wanted.every((length, axis) => length === shape[axis])) return name;
	const axes = [...wanted.keys()];
	return writer.node("Slice", [
		name,
		writer.int64s(axes.map(() => 0)),
		writer.int64s(wanted),
		writer.int64s(axes),
	]);
}
