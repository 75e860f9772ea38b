import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, numbersOf } from "../../test/evaluate.js";
import { arrays, at, type NdArray, shapes, tabulate, tensorOf } from "../../test/nd-array.js";
import { buildModel } from "../model.js";
import { f32, i64 } from "../runtime/runtime.js";
import { SessionPool } from "../runtime/session-pool.js";
import type { Tensor } from "../tensor.js";
import * as op from "./index.js";

/** Arrays of rank 1 to 3 with something that may be done to each. */
const arrayWith = <T>(what: (shape: readonly number[]) => fc.Arbitrary<T>, minRank = 1) =>
	shapes(minRank, 3, 5).chain((shape) => fc.tuple(arrays(shape), what(shape)));

/** Checks an operator against the element that a plain loop finds at each index of the result. */
async function agrees<T>(
	subjects: fc.Arbitrary<readonly [NdArray, T]>,
	build: (x: Tensor, what: T) => Tensor,
	element: (x: NdArray, what: T, index: readonly number[]) => number,
): Promise<void> {
	await fc.assert(
		fc.asyncProperty(subjects, async ([x, what]) => {
			const y = build(tensorOf(x), what);
			const computed = (await evaluate({ y })).y;
			expect(computed.shape).toEqual(y.shape);
			expect(Array.from(computed.data, Number)).toEqual(
				tabulate(y.shape as number[], (i) => element(x, what, i)).data,
			);
		}),
		{ numRuns: 25 },
	);
}

const axisOf = (shape: readonly number[]) => fc.nat(shape.length - 1);

describe("layout operators against a loop over indices", () => {
	it("slice, with steps and from the end", async () => {
		const range = (dim: number) =>
			fc.oneof(
				fc
					.tuple(fc.nat(dim - 1), fc.nat(dim), fc.integer({ min: 1, max: 3 }))
					.map(([start, length, step]) => ({ start, end: Math.min(dim, start + length), step })),
				fc.constant({ start: dim - 1, end: -1, step: -1 }),
			);
		await agrees(
			arrayWith((shape) => fc.tuple(...shape.map(range))),
			(x, ranges) =>
				op.slice(
					x,
					ranges.map((r, axis) => ({ axis, ...r })),
				),
			(x, ranges, index) =>
				at(
					x,
					index.map((i, axis) => ranges[axis]!.start + i * ranges[axis]!.step),
				),
		);
	});

	it("pad", async () => {
		const amounts = (shape: readonly number[]) => fc.tuple(...shape.map(() => fc.nat(2)));
		await agrees(
			arrayWith((shape) => fc.tuple(amounts(shape), amounts(shape))),
			(x, [before, after]) => op.pad(x, before, after),
			(x, [before], index) => {
				const inner = index.map((i, axis) => i - before[axis]!);
				return inner.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? at(x, inner) : 0;
			},
		);
	});

	it("concat, with itself cut short", async () => {
		await agrees(
			arrayWith((shape) =>
				axisOf(shape).chain((axis) => fc.tuple(fc.constant(axis), fc.integer({ min: 1, max: shape[axis]! }))),
			),
			(x, [axis, length]) => op.concat([op.slice(x, [{ axis, start: 0, end: length }]), x], axis),
			(x, [axis, length], index) =>
				at(x, index.with(axis, index[axis]! < length ? index[axis]! : index[axis]! - length)),
		);
	});

	it("gather along any axis", async () => {
		await agrees(
			arrayWith((shape) =>
				axisOf(shape).chain((axis) =>
					fc.tuple(fc.constant(axis), fc.array(fc.nat(shape[axis]! - 1), { minLength: 4, maxLength: 4 })),
				),
			),
			(x, [axis, picked]) => op.gather(x, op.constant(picked, [2, 2], "int64"), axis),
			(x, [axis, picked], index) =>
				at(x, [
					...index.slice(0, axis),
					picked[2 * index[axis]! + index[axis + 1]!]!,
					...index.slice(axis + 2),
				]),
		);
	});

	it("scatterAdd, which adds where indices repeat", async () => {
		await agrees(
			arrayWith(([n]) => fc.array(fc.nat(3), { minLength: n!, maxLength: n! })),
			(x, rows) =>
				op.scatterAdd([4, ...(x.shape.slice(1) as number[])], op.constant(rows, [rows.length], "int64"), x),
			(x, rows, [row, ...rest]) => rows.reduce((sum, r, i) => sum + (r === row ? at(x, [i, ...rest]) : 0), 0),
		);
	});

	it("transpose", async () => {
		await agrees(
			arrayWith((shape) => fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
			(x, permutation) => op.transpose(x, permutation),
			(x, permutation, index) =>
				at(
					x,
					index.map((_, axis) => index[permutation.indexOf(axis)]!),
				),
		);
	});

	it("cumulativeSum in both directions", async () => {
		await agrees(
			arrayWith((shape) => fc.tuple(axisOf(shape), fc.boolean())),
			(x, [axis, reversed]) => op.cumulativeSum(x, axis, reversed),
			(x, [axis, reversed], index) => {
				const [from, to] = reversed ? [index[axis]!, x.shape[axis]! - 1] : [0, index[axis]!];
				return Array.from({ length: to - from + 1 }, (_, k) => at(x, index.with(axis, from + k))).reduce(
					(a, b) => a + b,
				);
			},
		);
	});

	it("interleaveZeros", async () => {
		await agrees(
			arrayWith((shape) => fc.tuple(axisOf(shape), fc.integer({ min: 1, max: 3 }))),
			(x, [axis, step]) => op.interleaveZeros(x, axis, step),
			(x, [axis, step], index) =>
				index[axis]! % step === 0 ? at(x, index.with(axis, index[axis]! / step)) : 0,
		);
	});
});

describe("reductions against a loop over indices", () => {
	const reductions = [
		["reduceSum", op.reduceSum, (values: number[]) => values.reduce((a, b) => a + b)],
		["reduceMax", op.reduceMax, (values: number[]) => Math.max(...values)],
	] as const;

	it.each(reductions)("%s", async (_name, reduce, fold) => {
		await agrees(
			arrayWith((shape) => fc.subarray([...shape.keys()])),
			(x, axes) => reduce(x, axes, true),
			(x, axes, index) => {
				const values: number[] = [];
				tabulate(x.shape, (i) => {
					if (i.every((k, axis) => axes.includes(axis) || k === index[axis])) values.push(at(x, i));
					return 0;
				});
				return fold(values);
			},
		);
	});

	it("reduceMean over all axes is one number", async () => {
		const y = op.reduceMean(op.constant([1, 2, 3, 6], [2, 2]));
		expect(y.shape).toEqual([]);
		expect(await numbersOf(y)).toEqual([3]);
	});
});

describe("scatterAdd on several threads", () => {
	it("loses no sum when many rows share an index", async () => {
		const [count, width] = [3000, 128];
		const pool = SessionPool.create({ workers: 1, threadsPerWorker: 2 });
		const sums = op.scatterAdd(
			[500, width],
			op.input("rows", [count], "int64"),
			op.input("x", [count, width]),
		);
		const model = await pool.load(buildModel({ outputs: { sums } }));
		const feeds = {
			rows: i64(new BigInt64Array(count), [count]),
			x: f32(new Float32Array(count * width).fill(1), [count, width]),
		};
		for (let run = 0; run < 20; run++) {
			const { sums: found } = await model.run(feeds);
			expect((found!.data as Float32Array).subarray(0, width).every((sum) => sum === count)).toBe(true);
		}
		await pool.close();
	});
});
