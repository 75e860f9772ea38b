import { describeShape, ShapeError, staticShape } from "../shape.js";
import { apply, type Operator, type Tensor } from "../tensor.js";
import { convolvedSize } from "./convolution.js";
import { mul } from "./elementwise.js";
import { interleaveZeros, pad, slice } from "./layout.js";
import { constant } from "./sources.js";

export interface Pool2dAttributes {
	readonly kernel: number;
	readonly stride: number;
	readonly padding: number;
	/** Whether padding counts in the divisor (then it is always k²) or not. */
	readonly countPadding: boolean;
}

/** Mean over k×k windows of x [N, C, H, W]. */
export const averagePool2dOperator: Operator<Pool2dAttributes> = {
	name: "averagePool2d",
	infer([x], { kernel, stride, padding }) {
		const [batch, channels, ...spatial] = x!.shape;
		const sizes = staticShape(spatial).map((n) => convolvedSize(n, kernel, { stride, padding, dilation: 1 }));
		if (sizes.length !== 2 || sizes.some((n) => n < 1) || padding >= kernel)
			throw new ShapeError(
				`cannot pool ${describeShape(x!.shape)} by windows of ${kernel} with padding ${padding}`,
			);
		return { shape: [batch!, channels!, ...sizes], dtype: x!.dtype };
	},
	emit: (writer, inputs, { kernel, stride, padding, countPadding }) =>
		writer.node("AveragePool", inputs, {
			kernel_shape: [kernel, kernel],
			strides: [stride, stride],
			pads: [padding, padding, padding, padding],
			count_include_pad: countPadding ? 1 : 0,
		}),
	gradient(node, upstream, attributes) {
		return [poolGradient(node.inputs[0]!, upstream, attributes)];
	},
};

/**
 * Each input receives g / count from every window that contains it: a sum over k×k windows of the spread-out g / count,
 * written as k² times a mean with the padding counted.
 */
function poolGradient(x: Tensor, upstream: Tensor, attributes: Pool2dAttributes): Tensor {
	const { kernel, stride, padding } = attributes;
	const [, , height, width] = staticShape(x.shape) as [number, number, number, number];
	const [, , outHeight, outWidth] = staticShape(upstream.shape) as [number, number, number, number];
	const shares = windowShares(height, width, outHeight, outWidth, attributes);
	const weighted = shares === null ? upstream : mul(upstream, shares);
	const spread = interleaveZeros(interleaveZeros(weighted, 3, stride), 2, stride);
	const need = [height - (kernel - 1) + 2 * padding, width - (kernel - 1) + 2 * padding] as const;
	const have = [outHeight * stride, outWidth * stride] as const;
	const trimmed = slice(
		spread,
		[0, 1].flatMap((i) => (have[i]! > need[i]! ? [{ axis: 2 + i, start: 0, end: need[i]! }] : [])),
	);
	const fitted = pad(
		trimmed,
		[0, 0, 0, 0],
		[0, 0, Math.max(0, need[0] - have[0]), Math.max(0, need[1] - have[1])],
	);
	if (kernel === 1) return fitted;
	return averagePool2d(fitted, { kernel, stride: 1, padding: kernel - 1 - padding, countPadding: true });
}

/** k² / (number of counted elements) of each window, [1, 1, Ho, Wo]; null when that is 1 everywhere. */
function windowShares(
	height: number,
	width: number,
	outHeight: number,
	outWidth: number,
	attributes: Pool2dAttributes,
): Tensor | null {
	const { kernel, stride, padding, countPadding } = attributes;
	if (countPadding || padding === 0) return null;
	const covered = (o: number, size: number) =>
		Math.min(o * stride - padding + kernel, size) - Math.max(o * stride - padding, 0);
	const shares = Float32Array.from({ length: outHeight * outWidth }, (_, p) => {
		const count = covered(Math.floor(p / outWidth), height) * covered(p % outWidth, width);
		return (kernel * kernel) / count;
	});
	return constant(shares, [1, 1, outHeight, outWidth]);
}

/** Average pooling; the padding is excluded from the count unless asked for, stride 1 and no padding by default. */
export function averagePool2d(x: Tensor, options: { kernel: number } & Partial<Pool2dAttributes>): Tensor {
	return apply(averagePool2dOperator, [x], { stride: 1, padding: 0, countPadding: false, ...options });
}
