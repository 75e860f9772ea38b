import { describeShape, ShapeError, staticShape } from "../shape.js";
import { apply, type Operator, type Tensor } from "../tensor.js";
import { inputGradient, weightGradient } from "./convolution-gradient.js";

export interface Conv2dAttributes {
	/** Step between output positions, default 1. */
	readonly stride: number;
	/** Zeros added on each side, default 0. */
	readonly padding: number;
	/** Distance between kernel elements, default 1. */
	readonly dilation: number;
	/** Channel groups, default 1; the number of channels makes it depthwise. */
	readonly groups: number;
}

/** Output length of a convolution or pooling along one axis. */
export function convolvedSize(
	size: number,
	kernel: number,
	{ stride, padding, dilation }: Omit<Conv2dAttributes, "groups">,
): number {
	return Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** Two-dimensional cross-correlation of x [N, C, H, W] with w [O, C / groups, k, k]. */
export const conv2dOperator: Operator<Conv2dAttributes> = {
	name: "conv2d",
	infer(inputs, attributes) {
		const [x, w] = inputs as [Tensor, Tensor];
		const [batch, ...rest] = x.shape;
		const [channels, height, width] = staticShape(rest) as [number, number, number];
		const [outputs, perGroup, kernel, kernelWidth] = staticShape(w.shape) as [number, number, number, number];
		const spatial = [height, width].map((size) => convolvedSize(size, kernel, attributes));
		const channelsFit = channels === perGroup * attributes.groups && outputs % attributes.groups === 0;
		const reach = attributes.dilation * (kernel - 1);
		// written so that NaN, which missing axes lead to, fails as well
		if (
			!(
				x.rank === 4 &&
				channelsFit &&
				kernel === kernelWidth &&
				spatial.every((n) => n >= 1) &&
				attributes.padding <= reach
			)
		)
			throw new ShapeError(
				`cannot convolve ${describeShape(x.shape)} with ${describeShape(w.shape)} (${JSON.stringify(attributes)})`,
			);
		return { shape: [batch!, outputs, ...spatial], dtype: x.dtype };
	},
	emit: (writer, inputs, { stride, padding, dilation, groups }, node) =>
		writer.node("Conv", inputs, {
			kernel_shape: staticShape(node.inputs[1]!.shape).slice(2),
			strides: [stride, stride],
			pads: [padding, padding, padding, padding],
			dilations: [dilation, dilation],
			group: groups,
		}),
	gradient(node, upstream, attributes) {
		const [x, w] = node.inputs as [Tensor, Tensor];
		return [inputGradient(x, w, upstream, attributes), weightGradient(x, w, upstream, attributes)];
	},
};

/**
 * 2-D convolution without bias; see `conv2dOperator`.
 *
 * @throws ShapeError for channels that do not fit, kernels that are not square or larger than the padded image, and padding
 * beyond dilation · (k − 1)
 */
export function conv2d(x: Tensor, w: Tensor, options: Partial<Conv2dAttributes> = {}): Tensor {
	return apply(conv2dOperator, [x, w], { stride: 1, padding: 0, dilation: 1, groups: 1, ...options });
}
