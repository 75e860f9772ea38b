import {
	broadcastShapes,
	type Dim,
	describeShape,
	elementCount,
	normalizeAxis,
	type Shape,
	ShapeError,
	sameShape,
	staticShape,
} from "../shape.js";
import { apply, type Operator, type Tensor } from "../tensor.js";
import { matMul } from "./linear-algebra.js";
import { sumTo } from "./reduction.js";
import { constant } from "./sources.js";

const isStatic = (shape: Shape) => shape.every((dim) => typeof dim === "number");

/** ONNX's target of a Reshape: 0 copies the axis at the same place, −1 is worked out when the model runs. */
function reshapeTarget(from: Shape, to: Shape): number[] {
	const target = to.map((dim, axis) => (typeof dim === "number" ? dim : dim === from[axis] ? 0 : -1));
	if (target.filter((dim) => dim === -1).length > 1)
		throw new ShapeError(`reshape from ${describeShape(from)} to ${describeShape(to)} leaves two axes open`);
	return target;
}

/** Same elements, other shape. */
export const reshapeOperator: Operator<{ readonly shape: Shape }> = {
	name: "reshape",
	infer([x], { shape }) {
		if (isStatic(shape) && isStatic(x!.shape) && elementCount(shape) !== elementCount(x!.shape))
			throw new ShapeError(`cannot reshape ${describeShape(x!.shape)} to ${describeShape(shape)}`);
		return { shape, dtype: x!.dtype };
	},
	emit: (writer, [x], { shape }, node) =>
		writer.node("Reshape", [x!, writer.int64s(reshapeTarget(node.inputs[0]!.shape, shape))]),
	gradient: (node, upstream) => [reshape(upstream, node.inputs[0]!.shape)],
};

export interface TransposeAttributes {
	/** Input axis of each result axis. */
	readonly permutation: readonly number[];
}

/** Axes in another order. */
export const transposeOperator: Operator<TransposeAttributes> = {
	name: "transpose",
	infer([x], { permutation }) {
		if (permutation.length !== x!.rank || x!.shape.some((_, axis) => !permutation.includes(axis)))
			throw new ShapeError(
				`[${permutation.join(", ")}] does not reorder the axes of ${describeShape(x!.shape)}`,
			);
		return { shape: permutation.map((axis) => x!.shape[axis]!), dtype: x!.dtype };
	},
	emit: (writer, inputs, { permutation }) => writer.node("Transpose", inputs, { perm: permutation }),
	gradient: (_node, upstream, { permutation }) => [
		transpose(
			upstream,
			permutation.map((_, axis) => permutation.indexOf(axis)),
		),
	],
};

/** Repeats x along axes of length 1 so that it gets the shape of a second tensor, whose values do not matter. */
export const broadcastLikeOperator: Operator<undefined> = {
	name: "broadcastLike",
	infer([x, like]) {
		if (!sameShape(broadcastShapes(x!.shape, like!.shape), like!.shape))
			throw new ShapeError(`cannot broadcast ${describeShape(x!.shape)} to ${describeShape(like!.shape)}`);
		return { shape: like!.shape, dtype: x!.dtype };
	},
	emit(writer, [x, like], _, node) {
		const target = isStatic(node.shape)
			? writer.int64s(staticShape(node.shape))
			: writer.node("Shape", [like!]);
		return writer.node("Expand", [x!, target]);
	},
	gradient: (node, upstream) => [sumTo(upstream, node.inputs[0]!.shape), null],
};

export interface SliceRange {
	readonly axis: number;
	readonly start: number;
	/** Exclusive. */
	readonly end: number;
	/** Default 1; −1 reverses (start = length − 1, end = −1). */
	readonly step?: number;
}

export interface SliceAttributes {
	readonly ranges: readonly Required<SliceRange>[];
}

/** onnxruntime would clamp a range that leaves the axis, and the result would not have the shape promised here. */
function checkRange({ axis, start, end, step }: Required<SliceRange>, shape: Shape): void {
	const length = shape[axis]!;
	const [low, high] = step > 0 ? [start, end] : [end + 1, start + 1];
	if (step === 0 || low < 0 || (typeof length === "number" && high > length))
		throw new ShapeError(
			`cannot slice axis ${axis} of ${describeShape(shape)} from ${start} to ${end} by ${step}`,
		);
}

const sliceLength = ({ start, end, step }: Required<SliceRange>) =>
	Math.max(0, Math.ceil((end - start) / step));

/** Parts of axes, with steps. */
export const sliceOperator: Operator<SliceAttributes> = {
	name: "slice",
	infer([x], { ranges }) {
		const shape: Dim[] = [...x!.shape];
		for (const range of ranges) {
			checkRange(range, x!.shape);
			shape[range.axis] = sliceLength(range);
		}
		return { shape, dtype: x!.dtype };
	},
	emit: (writer, [x], { ranges }) =>
		writer.node("Slice", [
			x!,
			writer.int64s(ranges.map((r) => r.start)),
			// a backward slice down to element 0 ends "before −1", which ONNX writes as a very negative number
			writer.int64s(ranges.map((r) => (r.end < 0 ? -(2 ** 31) : r.end))),
			writer.int64s(ranges.map((r) => r.axis)),
			writer.int64s(ranges.map((r) => r.step)),
		]),
	gradient: (node, upstream, { ranges }) => [unslice(upstream, node.inputs[0]!.shape, ranges)],
};

/** Puts the elements back to where a slice took them from, zeros elsewhere. */
function unslice(x: Tensor, shape: Shape, ranges: readonly Required<SliceRange>[]): Tensor {
	return ranges.reduceRight((result, { axis, start, end, step }) => {
		if (step < 0) {
			if (step !== -1 || end !== -1 || start !== (shape[axis] as number) - 1)
				throw new ShapeError("only whole-axis reversal is supported for negative steps");
			return slice(result, [{ axis, start, end, step }]);
		}
		const spread = step === 1 ? result : interleaveZeros(result, axis, step);
		const before = zerosOf(result.rank, axis, start);
		const total = staticShape([shape[axis]!])[0]!;
		const length = spread.shape[axis] as number;
		// a step leaves up to step − 1 zeros too many behind the last element
		const excess = start + length - total;
		const trimmed = excess > 0 ? slice(spread, [{ axis, start: 0, end: length - excess }]) : spread;
		return pad(trimmed, before, zerosOf(result.rank, axis, Math.max(0, -excess)));
	}, x);
}

const zerosOf = (rank: number, axis: number, value: number) =>
	Array.from({ length: rank }, (_, i) => (i === axis ? value : 0));

/** Inserts step − 1 zeros after every element along an axis: the transposed form of a strided slice. */
export function interleaveZeros(x: Tensor, axis: number, step: number): Tensor {
	if (step === 1) return x;
	const length = staticShape([x.shape[axis]!])[0]!;
	// A product with 0s and 1s: onnxruntime would pad element by element, at some 16 ns each.
	if (axis === x.rank - 1 && x.rank > 1) return matMul(x, spreading(length, step));
	const split = [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)];
	const padded = pad(
		reshape(x, split),
		new Array<number>(split.length).fill(0),
		zerosOf(split.length, axis + 1, step - 1),
	);
	const merged = [...x.shape];
	merged[axis] = length * step;
	return reshape(padded, merged);
}

/** [length, length · step], a 1 in row i at column i · step. */
function spreading(length: number, step: number): Tensor {
	const matrix = new Float32Array(length * length * step);
	for (let i = 0; i < length; i++) matrix[i * length * step + i * step] = 1;
	return constant(matrix, [length, length * step]);
}

export interface PadAttributes {
	readonly before: readonly number[];
	readonly after: readonly number[];
}

/** Zeros around a tensor. */
export const padOperator: Operator<PadAttributes> = {
	name: "pad",
	infer([x], { before, after }) {
		const shape = x!.shape;
		if (before.length !== x!.rank || after.length !== x!.rank || [...before, ...after].some((n) => n < 0))
			throw new ShapeError(
				`cannot pad ${describeShape(shape)} by ${describeShape(before)} and ${describeShape(after)}`,
			);
		const padded = (dim: Dim, i: number) => staticShape([dim])[0]! + before[i]! + after[i]!;
		return { shape: shape.map((dim, i) => (before[i] || after[i] ? padded(dim, i) : dim)), dtype: x!.dtype };
	},
	emit: (writer, [x], { before, after }) => writer.node("Pad", [x!, writer.int64s([...before, ...after])]),
	gradient: (node, upstream, { before, after }) => {
		const ranges = node.inputs[0]!.shape.flatMap((dim, axis) =>
			before[axis] || after[axis]
				? [{ axis, start: before[axis]!, end: before[axis]! + (dim as number) }]
				: [],
		);
		return [slice(upstream, ranges)];
	},
};

/** Tensors one after the other along an axis. */
export const concatOperator: Operator<{ readonly axis: number }> = {
	name: "concat",
	infer(inputs, { axis }) {
		const [first] = inputs as [Tensor];
		const others = (shape: Shape) => shape.filter((_, i) => i !== axis);
		for (const x of inputs)
			if (
				x.dtype !== first.dtype ||
				x.rank !== first.rank ||
				!sameShape(others(x.shape), others(first.shape))
			)
				throw new ShapeError(
					`cannot join ${first.dtype} ${describeShape(first.shape)} and ${x.dtype} ${describeShape(x.shape)} along axis ${axis}`,
				);
		const dims = inputs.map((x) => x.shape[axis]!);
		const total: Dim = dims.every((dim) => typeof dim === "number")
			? (dims as number[]).reduce((sum, dim) => sum + dim, 0)
			: dims.join("+");
		return { shape: first.shape.map((dim, i) => (i === axis ? total : dim)), dtype: first.dtype };
	},
	emit: (writer, inputs, { axis }) => writer.node("Concat", inputs, { axis }),
	gradient(node, upstream, { axis }) {
		let start = 0;
		return node.inputs.map((x) => {
			const end = start + staticShape([x.shape[axis]!])[0]!;
			const part = slice(upstream, [{ axis, start, end }]);
			start = end;
			return part;
		});
	},
};

/** x[indices] along an axis; indices are int64 of any rank. */
export const gatherOperator: Operator<{ readonly axis: number }> = {
	name: "gather",
	infer([x, indices], { axis }) {
		if (indices!.dtype !== "int64") throw new ShapeError(`gather needs int64 indices, not ${indices!.dtype}`);
		return {
			shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)],
			dtype: x!.dtype,
		};
	},
	emit: (writer, inputs, { axis }) => writer.node("Gather", inputs, { axis }),
	gradient(node, upstream, { axis }) {
		const [x, indices] = node.inputs as [Tensor, Tensor];
		if (axis !== 0) throw new ShapeError("gather has a gradient along axis 0 only");
		return [scatterAdd(staticShape(x.shape), indices, upstream), null];
	},
};

/**
 * Zeros of a given shape with rows added at indices: the transposed form of gather along axis 0. Written as
 * ScatterElements, element by element: onnxruntime's ScatterND is faster, but loses sums when two of its threads add to one
 * row. A product with the one-hot matrix of the indices takes as long for a table of 500 rows and grows with their number.
 */
export const scatterAddOperator: Operator<{ readonly shape: readonly number[] }> = {
	name: "scatterAdd",
	infer([indices, updates], { shape }) {
		if (indices!.dtype !== "int64")
			throw new ShapeError(`scatterAdd needs int64 indices, not ${indices!.dtype}`);
		if (!sameShape(updates!.shape, [...indices!.shape, ...shape.slice(1)]))
			throw new ShapeError(
				`cannot add ${describeShape(updates!.shape)} at indices ${describeShape(indices!.shape)} of ${describeShape(shape)}`,
			);
		return { shape, dtype: updates!.dtype };
	},
	emit(writer, [indices, updates], { shape: [rows = 1, ...row] }) {
		const width = elementCount(row);
		const zeros = writer.node("ConstantOfShape", [writer.int64s([rows, width])]);
		const column = writer.node("Reshape", [indices!, writer.int64s([-1, 1])]);
		const targets = writer.node("Expand", [column, writer.int64s([1, width])]);
		const matrix = writer.node("Reshape", [updates!, writer.int64s([-1, width])]);
		const sums = writer.node("ScatterElements", [zeros, targets, matrix], { axis: 0, reduction: "add" });
		return writer.node("Reshape", [sums, writer.int64s([rows, ...row])]);
	},
	gradient: (node, upstream) => [null, gather(upstream, node.inputs[0]!, 0)],
};

/** Places of the elements of a vector that are not 0, int64, as many as there are: an axis named "nonzero". */
export const nonZeroOperator: Operator<undefined> = {
	name: "nonZero",
	infer([x]) {
		if (x!.rank !== 1) throw new ShapeError(`nonZero needs a vector, not ${describeShape(x!.shape)}`);
		return { shape: ["nonzero"], dtype: "int64" };
	},
	emit: (writer, inputs) => writer.node("Reshape", [writer.node("NonZero", inputs), writer.int64s([-1])]),
	gradient: null,
};

/** Running sums along an axis, from its end when reversed. */
export const cumulativeSumOperator: Operator<{ readonly axis: number; readonly reversed: boolean }> = {
	name: "cumulativeSum",
	infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
	emit: (writer, [x], { axis, reversed }) => {
		const axisName = writer.constant(BigInt64Array.of(BigInt(axis)), [], "int64");
		return writer.node("CumSum", [x!, axisName], { reverse: reversed ? 1 : 0 });
	},
	gradient: (_node, upstream, { axis, reversed }) => [cumulativeSum(upstream, axis, !reversed)],
};

export function cumulativeSum(x: Tensor, axis: number, reversed = false): Tensor {
	return apply(cumulativeSumOperator, [x], { axis: normalizeAxis(axis, x.rank), reversed });
}

export function reshape(x: Tensor, shape: Shape): Tensor {
	return sameShape(x.shape, shape) ? x : apply(reshapeOperator, [x], { shape });
}

/** Axes in the given order; without one, the last two are swapped. */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
	const axes = x.shape.map((_, axis) => axis);
	const swapped = [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
	return apply(transposeOperator, [x], { permutation: permutation ?? swapped });
}

export function broadcastLike(x: Tensor, like: Tensor): Tensor {
	return sameShape(x.shape, like.shape) ? x : apply(broadcastLikeOperator, [x, like], undefined);
}

/** Repeats x to a static shape. */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
	return broadcastLike(x, constant(new Float32Array(elementCount(shape)), shape));
}

export function slice(x: Tensor, ranges: readonly SliceRange[]): Tensor {
	if (ranges.length === 0) return x;
	const full = ranges.map((range) => ({
		...range,
		axis: normalizeAxis(range.axis, x.rank),
		step: range.step ?? 1,
	}));
	return apply(sliceOperator, [x], { ranges: full });
}

/** Elements of the axes in reverse order. */
export function reverse(x: Tensor, axes: readonly number[]): Tensor {
	const long = axes.filter((axis) => x.shape[axis] !== 1);
	return slice(
		x,
		long.map((axis) => ({ axis, start: staticShape([x.shape[axis]!])[0]! - 1, end: -1, step: -1 })),
	);
}

/** Zeros before and after each axis. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
	return [...before, ...after].every((n) => n === 0) ? x : apply(padOperator, [x], { before, after });
}

export function concat(inputs: readonly Tensor[], axis: number): Tensor {
	return inputs.length === 1
		? inputs[0]!
		: apply(concatOperator, inputs, { axis: normalizeAxis(axis, inputs[0]!.rank) });
}

export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
	return apply(gatherOperator, [x, indices], { axis: normalizeAxis(axis, x.rank) });
}

/** See `nonZeroOperator`; it has no gradient. */
export const nonZero = (x: Tensor): Tensor => apply(nonZeroOperator, [x], undefined);

export function scatterAdd(shape: readonly number[], indices: Tensor, updates: Tensor): Tensor {
	return apply(scatterAddOperator, [indices, updates], { shape });
}
