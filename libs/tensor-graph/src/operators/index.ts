import type { Operator } from "../tensor.js";
import { compositeOperator } from "./composite.js";
import { conv2dOperator } from "./convolution.js";
import { customGradientOperator } from "./custom-gradient.js";
import { binaryOperators, castOperator, unaryOperators, whereOperator } from "./elementwise.js";
import {
	broadcastLikeOperator,
	concatOperator,
	cumulativeSumOperator,
	gatherOperator,
	nonZeroOperator,
	padOperator,
	reshapeOperator,
	scatterAddOperator,
	sliceOperator,
	transposeOperator,
} from "./layout.js";
import { matMulOperator } from "./linear-algebra.js";
import { averagePool2dOperator } from "./pooling.js";
import { reductionOperators } from "./reduction.js";
import { constantOperator, inputOperator } from "./sources.js";

export { type CompositeName, type Composites, composite } from "./composite.js";
export { type Conv2dAttributes, conv2d, convolvedSize } from "./convolution.js";
export { withGradient } from "./custom-gradient.js";
export {
	abs,
	add,
	and,
	cast,
	cos,
	div,
	equal,
	erf,
	exp,
	greater,
	hardSigmoid,
	hardSwish,
	less,
	log,
	maximum,
	minimum,
	mul,
	neg,
	pow,
	reciprocal,
	relu,
	sigmoid,
	sign,
	sin,
	softplus,
	sqrt,
	square,
	step,
	sub,
	tanh,
	where,
} from "./elementwise.js";
export {
	broadcastLike,
	broadcastTo,
	concat,
	cumulativeSum,
	gather,
	interleaveZeros,
	nonZero,
	pad,
	reshape,
	reverse,
	type SliceRange,
	scatterAdd,
	slice,
	transpose,
} from "./layout.js";
export { matMul } from "./linear-algebra.js";
export { averagePool2d, type Pool2dAttributes } from "./pooling.js";
export { reduceMax, reduceMean, reduceSum } from "./reduction.js";
export { constant, input, scalar } from "./sources.js";

/** Every operator of the engine by name. Tests walk this table, so a new operator without a gradient check fails. */
export const OPERATORS = {
	input: inputOperator,
	constant: constantOperator,
	...binaryOperators,
	...unaryOperators,
	...reductionOperators,
	where: whereOperator,
	cast: castOperator,
	matMul: matMulOperator,
	reshape: reshapeOperator,
	transpose: transposeOperator,
	broadcastLike: broadcastLikeOperator,
	slice: sliceOperator,
	pad: padOperator,
	concat: concatOperator,
	cumulativeSum: cumulativeSumOperator,
	gather: gatherOperator,
	nonZero: nonZeroOperator,
	scatterAdd: scatterAddOperator,
	conv2d: conv2dOperator,
	averagePool2d: averagePool2dOperator,
	customGradient: customGradientOperator,
	composite: compositeOperator,
	// biome-ignore lint/suspicious/noExplicitAny: the table holds operators of every attribute type
} as const satisfies Record<string, Operator<any>>;
