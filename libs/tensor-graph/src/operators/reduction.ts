import { broadcastAxes, elementCount, normalizeAxis, type Shape, sameShape } from "../shape.js";
import { apply, type Operator, type Tensor } from "../tensor.js";
import { cast, div, equal, mul } from "./elementwise.js";
import { broadcastLike, reshape } from "./layout.js";
import { scalar } from "./sources.js";

export interface ReductionAttributes {
	readonly axes: readonly number[];
	readonly keepDims: boolean;
}

type ReductionGradient = (
	x: Tensor,
	kept: Tensor,
	upstream: Tensor,
	attributes: ReductionAttributes,
) => Tensor;

/** `kept` and `upstream` come with the reduced axes kept as 1, so that both broadcast against x. */
function reduction(name: string, opType: string, gradient: ReductionGradient): Operator<ReductionAttributes> {
	return {
		name,
		infer: ([x], { axes, keepDims }) => ({ shape: reducedShape(x!.shape, axes, keepDims), dtype: x!.dtype }),
		emit: (writer, [x], { axes, keepDims }) =>
			writer.node(opType, [x!, writer.int64s(axes)], { keepdims: keepDims ? 1 : 0 }),
		gradient(node, upstream, attributes) {
			const x = node.inputs[0]!;
			const keptShape = reducedShape(x.shape, attributes.axes, true);
			return [gradient(x, reshape(node, keptShape), reshape(upstream, keptShape), attributes)];
		},
	};
}

function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
	return shape.flatMap((dim, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [dim]));
}

/** Reductions over axes. */
export const reductionOperators = {
	reduceSum: reduction("reduceSum", "ReduceSum", (x, _y, g) => broadcastLike(g, x)),
	reduceMean: reduction("reduceMean", "ReduceMean", (x, _y, g, { axes }) =>
		broadcastLike(div(g, scalar(elementCount(axes.map((axis) => x.shape[axis]!)))), x),
	),
	// every element equal to the maximum receives the gradient
	reduceMax: reduction("reduceMax", "ReduceMax", (x, y, g) =>
		mul(cast(equal(x, broadcastLike(y, x)), "float32"), g),
	),
} satisfies Record<string, Operator<ReductionAttributes>>;

const reduce =
	(operator: Operator<ReductionAttributes>) =>
	(x: Tensor, axes?: readonly number[], keepDims = false): Tensor =>
		// ONNX reads an empty list of axes as "all of them"
		axes?.length === 0
			? x
			: apply(operator, [x], {
					axes: (axes ?? x.shape.map((_, axis) => axis))
						.map((axis) => normalizeAxis(axis, x.rank))
						.sort((a, b) => a - b),
					keepDims,
				});

/** Sum over the axes, all of them unless given. */
export const reduceSum = reduce(reductionOperators.reduceSum);
/** Mean over the axes, all of them unless given. */
export const reduceMean = reduce(reductionOperators.reduceMean);
/** Maximum over the axes, all of them unless given. */
export const reduceMax = reduce(reductionOperators.reduceMax);

/** Undoes broadcasting: sums over the axes along which a tensor of this shape was repeated. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
	if (sameShape(x.shape, shape)) return x;
	const axes = broadcastAxes(shape, x.shape);
	return reshape(axes.length > 0 ? reduceSum(x, axes) : x, shape);
}
