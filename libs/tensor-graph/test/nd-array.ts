import fc from "fast-check";
import { constant, type Tensor } from "../src/index.js";

/** A plain row-major array, the slow and obvious counterpart of a tensor. */
export interface NdArray {
	readonly shape: readonly number[];
	readonly data: readonly number[];
}

/** The array whose element at each index is given by a function of that index. */
export function tabulate(shape: readonly number[], element: (index: readonly number[]) => number): NdArray {
	const data: number[] = [];
	const visit = (index: readonly number[]) => {
		if (index.length === shape.length) data.push(element(index));
		else for (let i = 0; i < shape[index.length]!; i++) visit([...index, i]);
	};
	visit([]);
	return { shape, data };
}

/** The element at an index; leading coordinates too many and coordinates of axes of length 1 are ignored, as in broadcasting. */
export function at({ shape, data }: NdArray, index: readonly number[]): number {
	const own = index.slice(index.length - shape.length);
	return data[shape.reduce((offset, dim, axis) => offset * dim + (dim === 1 ? 0 : own[axis]!), 0)]!;
}

/** The array as a constant of a model. */
export function tensorOf({ data, shape }: NdArray): Tensor {
	return constant(data, shape);
}

/** Arrays of small whole numbers, which float32 sums exactly. */
export function arrays(shape: readonly number[]): fc.Arbitrary<NdArray> {
	const count = shape.reduce((product, dim) => product * dim, 1);
	return fc
		.array(fc.integer({ min: -9, max: 9 }), { minLength: count, maxLength: count })
		.map((data) => ({ shape, data }));
}

/** Shapes with axes of 1 to `longest`. */
export function shapes(minRank: number, maxRank: number, longest = 4): fc.Arbitrary<number[]> {
	return fc.array(fc.integer({ min: 1, max: longest }), { minLength: minRank, maxLength: maxRank });
}
