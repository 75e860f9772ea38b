import { conv2dOperator } from "../operators/convolution.js";
import { binaryOperators, unaryOperators } from "../operators/elementwise.js";
import { type TransposeAttributes, transposeOperator } from "../operators/layout.js";
import { matMulOperator } from "../operators/linear-algebra.js";
import { averagePool2dOperator, type Pool2dAttributes } from "../operators/pooling.js";
import { type ReductionAttributes, reductionOperators } from "../operators/reduction.js";
import { elementCount } from "../shape.js";
import type { Operator, Tensor } from "../tensor.js";
import { BLOCKED_DOMAIN, type BlockedLayout, imageShape, type LaidOut } from "./blocked-layout.js";
import { blockedConvolution, hasBlockedForm } from "./convolution-forms.js";

/** Writes a node so that blocked values stay blocked; null where it has to be written plain. */
type BlockedRule = (layout: BlockedLayout, node: Tensor) => LaidOut | null;

/** Element-wise operators may only be here when they map zero to zero, because the channels beyond C must stay zero. */
const RULES = new Map<Operator<never>, BlockedRule>([
	[conv2dOperator, convolution],
	[averagePool2dOperator, averagePool],
	[
		unaryOperators.relu,
		(layout, node) => (activated(layout, node.inputs[0]!) ? layout.of(node.inputs[0]!) : unary(layout, node)),
	],
	[unaryOperators.step, unary],
	[unaryOperators.hardSwish, unary],
	[binaryOperators.add, binary("Add")],
	[binaryOperators.sub, binary("Sub")],
	[binaryOperators.mul, binary("Mul")],
	[reductionOperators.reduceMean, channelReduction("ReduceMean")],
	[reductionOperators.reduceSum, channelReduction("ReduceSum")],
	[transposeOperator, (layout, node) => (multiplied(layout, node) ? {} : null)],
	[matMulOperator, matrixProduct],
]);

/** The rule for a node, applied; null where the node has to be written plain. */
export function writeBlocked(layout: BlockedLayout, node: Tensor): LaidOut | null {
	return RULES.get(node.operator as Operator<never>)?.(layout, node) ?? null;
}

function averagePool(layout: BlockedLayout, node: Tensor): LaidOut | null {
	const [x] = node.inputs as [Tensor];
	if (!layout.has(x)) return null;
	const { kernel, stride, padding, countPadding } = node.attributes as Pool2dAttributes;
	const attributes = {
		kernel_shape: [kernel, kernel],
		strides: [stride, stride],
		pads: [padding, padding, padding, padding],
		count_include_pad: countPadding ? 1 : 0,
	};
	return {
		blocked: layout.writer.node("AveragePool", [layout.blocked(x)], attributes, { domain: BLOCKED_DOMAIN }),
	};
}

function convolution(layout: BlockedLayout, node: Tensor): LaidOut | null {
	return hasBlockedForm(node)
		? blockedConvolution(layout, node, activated(layout, node) ? "Relu" : null)
		: null;
}

/** Whether a value is the result of a convolution that applies the ReLU which alone reads it. */
function activated(layout: BlockedLayout, x: Tensor): boolean {
	return hasBlockedForm(x) && layout.onlyReader(x)?.operator === unaryOperators.relu;
}

/** Whether a value is a transposed matrix that only goes into a product, which then reads it transposed. */
function multiplied(layout: BlockedLayout, x: Tensor): boolean {
	if (x.operator !== transposeOperator || layout.onlyReader(x)?.operator !== matMulOperator) return false;
	const { permutation } = x.attributes as TransposeAttributes;
	const swapped = [...permutation.keys()].map((axis) =>
		[x.rank - 2, x.rank - 1].includes(axis) ? 2 * x.rank - 3 - axis : axis,
	);
	return permutation.every((axis, i) => axis === swapped[i]);
}

function matrixProduct(layout: BlockedLayout, node: Tensor): LaidOut {
	const transposed = node.inputs.map((x) => multiplied(layout, x));
	const names = node.inputs.map((x, i) => layout.plain(transposed[i] ? x.inputs[0]! : x));
	const [transA, transB] = transposed.map(Number) as [number, number];
	return { plain: layout.writer.node("FusedMatMul", names, { transA, transB }, { domain: "com.microsoft" }) };
}

function unary(layout: BlockedLayout, node: Tensor): LaidOut | null {
	const x = node.inputs[0]!;
	if (!layout.has(x)) return null;
	return { blocked: node.operator.emit(layout.writer, [layout.blocked(x)], node.attributes, node) };
}

/** Two blocked tensors of one shape, or a blocked one with a scalar (product only) or with a value for each channel or place. */
function binary(opType: "Add" | "Sub" | "Mul"): BlockedRule {
	return (layout, node) => {
		const [a, b] = node.inputs as [Tensor, Tensor];
		if (
			![a, b].some((x) => x.rank === 4 && layout.has(x) && elementCount(x.shape) === elementCount(node.shape))
		)
			return null;
		const operands = [a, b].map((x) => operand(layout, node, x, opType));
		if (operands.some((name) => name === null)) return null;
		const flat = [a, b].every((x) => elementCount(x.shape) === elementCount(node.shape) || x.rank === 0);
		if (flat) return { blocked: layout.writer.node(opType, operands as string[]) };
		const axes = [a, b].map((x, i) =>
			elementCount(x.shape) === elementCount(node.shape)
				? layout.reshape(operands[i]!, layout.axesOf(x))
				: operands[i]!,
		);
		return { blocked: layout.reshape(layout.writer.node(opType, axes), layout.shapeOf(node)) };
	};
}

/** An operand of a blocked result: itself blocked, a scalar, or something that repeats along [N, C'/b, H, W, b]. */
function operand(layout: BlockedLayout, result: Tensor, x: Tensor, opType: string): string | null {
	if (elementCount(x.shape) === elementCount(result.shape)) return layout.blocked(x);
	if (x.rank === 0) return opType === "Mul" ? layout.plain(x) : null;
	if (x.rank !== 4) return null;
	const [batch, channels, height, width] = imageShape(x);
	if (channels === 1)
		return opType === "Mul" ? layout.reshape(layout.plain(x), [batch, 1, height, width, 1]) : null;
	if (height > 1 || width > 1) return null;
	const padded = layout.padTo(layout.plain(x), [batch, channels, 1, 1], 1, layout.padded(channels));
	return layout.reshape(padded, [batch, layout.padded(channels) / layout.block, 1, 1, layout.block]);
}

/** Over images and places, channel by channel: first the places of each image, then the images, both along rows. */
function channelReduction(opType: "ReduceMean" | "ReduceSum"): BlockedRule {
	return (layout, node) => {
		const x = node.inputs[0]!;
		const { axes, keepDims } = node.attributes as ReductionAttributes;
		if (x.rank !== 4 || axes.join() !== "0,2,3" || !keepDims || !layout.has(x)) return null;
		const { writer, block } = layout;
		const [batch, channels, height, width] = layout.shapeOf(x);
		const reduce = (name: string, axis: number) =>
			writer.node(opType, [name, writer.int64s([axis])], { keepdims: 0 });
		const places = layout.reshape(layout.blocked(x), [(batch * channels) / block, height * width, block]);
		const images = layout.reshape(reduce(places, 1), [batch, channels]);
		return { plain: layout.firstChannels(reduce(images, 0), imageShape(x)[1]) };
	};
}
