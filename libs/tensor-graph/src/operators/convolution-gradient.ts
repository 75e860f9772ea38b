import { staticShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { composite } from "./composite.js";
import { type Conv2dAttributes, conv2d } from "./convolution.js";
import { concat, interleaveZeros, pad, reshape, reverse, slice, transpose } from "./layout.js";
import { matMul } from "./linear-algebra.js";
import { reduceSum } from "./reduction.js";
import { constant } from "./sources.js";

type Dims4 = [number, number, number, number];
const dims = (x: Tensor) => staticShape(x.shape) as Dims4;

/**
 * ∂L/∂x of a convolution: the upstream gradient, spread out by the stride, convolved with the flipped kernel whose
 * input and output channels are exchanged. Being a convolution itself, it runs on the fast path and has gradients.
 */
export function inputGradient(x: Tensor, w: Tensor, upstream: Tensor, attributes: Conv2dAttributes): Tensor {
	const { stride, padding, dilation, groups } = attributes;
	const [, , height, width] = dims(x);
	const [, , kernel] = dims(w);
	const reach = dilation * (kernel - 1);
	const flipped = exchangeChannels(reverse(w, [2, 3]), groups);
	// A 1×1 kernel touches each position alone, so it may run before the zeros are inserted.
	const early = kernel === 1 && padding === 0;
	const source = early ? conv2d(upstream, flipped, { groups }) : upstream;
	const spread = fit(
		interleaveZeros(interleaveZeros(source, 3, stride), 2, stride),
		height,
		width,
		reach - 2 * padding,
	);
	return early ? spread : conv2d(spread, flipped, { padding: reach - padding, dilation, groups });
}

/** Trims or pads the spread-out gradient so that the transposed convolution gives back height × width. */
function fit(x: Tensor, height: number, width: number, shrink: number): Tensor {
	const [, , h, w] = dims(x);
	const [needHeight, needWidth] = [height - shrink, width - shrink];
	const trimmed = slice(x, [
		...(h > needHeight ? [{ axis: 2, start: 0, end: needHeight }] : []),
		...(w > needWidth ? [{ axis: 3, start: 0, end: needWidth }] : []),
	]);
	return pad(trimmed, [0, 0, 0, 0], [0, 0, Math.max(0, needHeight - h), Math.max(0, needWidth - w)]);
}

/** [O, I/g, k, k] → [I, O/g, k, k], group by group. */
function exchangeChannels(w: Tensor, groups: number): Tensor {
	const [outputs, perGroup, height, width] = dims(w);
	if (groups === 1) return transpose(w, [1, 0, 2, 3]);
	if (perGroup === 1 && outputs === groups) return w;
	const grouped = reshape(w, [groups, outputs / groups, perGroup, height, width]);
	return reshape(transpose(grouped, [0, 2, 1, 3, 4]), [groups * perGroup, outputs / groups, height, width]);
}

/** ∂L/∂w of a convolution, as matrix products between the upstream gradient and shifted views of the input. */
export function weightGradient(x: Tensor, w: Tensor, upstream: Tensor, attributes: Conv2dAttributes): Tensor {
	const { groups } = attributes;
	const [outputs, perGroup] = dims(w);
	const own = { ...attributes, kernel: dims(w)[2] };
	if (groups === 1) {
		const gradient = denseWeightGradient(x, w, upstream, attributes);
		return composite("denseWeightGradient", gradient, [x, upstream], own);
	}
	if (perGroup === 1 && outputs === groups) {
		const gradient = depthwiseWeightGradient(x, w, upstream, attributes);
		return composite("depthwiseWeightGradient", gradient, [x, upstream], own);
	}
	const parts = Array.from({ length: groups }, (_, g) => {
		const from = (size: number) => ({ axis: 1, start: g * size, end: (g + 1) * size });
		const size = outputs / groups;
		const wPart = slice(w, [{ axis: 0, start: g * size, end: (g + 1) * size }]);
		return denseWeightGradient(slice(x, [from(perGroup)]), wPart, slice(upstream, [from(size)]), attributes);
	});
	return concat(parts, 0);
}

/** The input as kernel element (i, j) sees it at each output position: [N, C, Ho, Wo]. */
function shiftedView(
	padded: Tensor,
	i: number,
	j: number,
	upstream: Tensor,
	{ stride, dilation }: Conv2dAttributes,
): Tensor {
	const [, , outHeight, outWidth] = dims(upstream);
	const [, , height, width] = dims(padded);
	const range = (axis: number, start: number, count: number, size: number) =>
		start === 0 && stride === 1 && count === size
			? []
			: [{ axis, start, end: start + stride * (count - 1) + 1, step: stride }];
	return slice(padded, [
		...range(2, i * dilation, outHeight, height),
		...range(3, j * dilation, outWidth, width),
	]);
}

function denseWeightGradient(x: Tensor, w: Tensor, upstream: Tensor, attributes: Conv2dAttributes): Tensor {
	const [outputs, inputs, kernel] = dims(w);
	const [batch, , outHeight, outWidth] = dims(upstream);
	const positions = outHeight * outWidth;
	const p = attributes.padding;
	const padded = pad(x, [0, 0, p, p], [0, 0, p, p]);
	const g = reshape(upstream, [batch, outputs, positions]);
	// For each kernel element Σ_n g[n] · view[n]ᵀ: k² products of their own are faster than one with all columns side
	// by side, because the copy of the columns costs more than the larger product gains (docs/engine.md).
	const elements = kernelElements(kernel).map(([i, j]) => {
		const view = reshape(shiftedView(padded, i, j, upstream, attributes), [batch, inputs, positions]);
		return reshape(reduceSum(matMul(g, transpose(view)), [0]), [outputs, inputs, 1]);
	});
	return reshape(concat(elements, 2), w.shape);
}

const kernelElements = (kernel: number): [number, number][] =>
	Array.from({ length: kernel * kernel }, (_, e) => [Math.floor(e / kernel), e % kernel]);

/**
 * Depthwise: for each kernel row i one matrix product per image and channel between gradient columns and input columns,
 * G = Σ_h g[h,·]ᵀ x[h·s+i·d,·]; element (i, j) of the kernel is then the sum of a diagonal of Σ_n G. One product
 * stands for k element-wise passes over the whole input and takes about as long as they do.
 */
function depthwiseWeightGradient(
	x: Tensor,
	w: Tensor,
	upstream: Tensor,
	attributes: Conv2dAttributes,
): Tensor {
	const [channels, , kernel] = dims(w);
	const [, , outHeight, outWidth] = dims(upstream);
	const { padding: p, stride, dilation } = attributes;
	const padded = pad(x, [0, 0, p, p], [0, 0, p, p]);
	const width = dims(padded)[3];
	const columns = transpose(upstream); // [N, C, Wo, Ho]
	const diagonals = transpose(diagonalMasks(kernel, outWidth, width, stride, dilation)); // [Wo·Wp, k]
	const kernelRows = Array.from({ length: kernel }, (_, i) => {
		const start = i * dilation;
		const whole = kernel === 1 && stride === 1;
		const view = whole
			? padded
			: slice(padded, [{ axis: 2, start, end: start + stride * (outHeight - 1) + 1, step: stride }]);
		const products = reduceSum(matMul(columns, view), [0]); // [C, Wo, Wp]
		return reshape(matMul(reshape(products, [channels, outWidth * width]), diagonals), [
			channels,
			1,
			1,
			kernel,
		]);
	});
	return concat(kernelRows, 2);
}

/** Row j marks the pairs (output column, input column) that kernel column j connects: [k, Wo·Wp]. */
function diagonalMasks(
	kernel: number,
	outWidth: number,
	width: number,
	stride: number,
	dilation: number,
): Tensor {
	const data = new Float32Array(kernel * outWidth * width);
	for (let j = 0; j < kernel; j++)
		for (let o = 0; o < outWidth; o++) data[(j * outWidth + o) * width + o * stride + j * dilation] = 1;
	return constant(data, [kernel, outWidth * width]);
}
