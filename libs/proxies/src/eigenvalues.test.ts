import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { symmetricEigenvalues } from "./eigenvalues.js";

/** X Xᵀ of an n×m matrix, whose rank is at most m. */
function gram(values: readonly number[], n: number): Matrix {
	const m = Math.floor(values.length / n);
	const x = new Matrix(Array.from({ length: n }, (_, i) => values.slice(i * m, (i + 1) * m)));
	return x.mmul(x.transpose());
}

const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);

const sizes = fc.integer({ min: 1, max: 9 });
const entries = (entry: fc.Arbitrary<number>) => fc.array(entry, { minLength: 9, maxLength: 90 });

test("are those of ml-matrix, for matrices of full and of lower rank", () => {
	const entry = fc.integer({ min: -1000, max: 1000 }).map((x) => x / 100);
	fc.assert(
		fc.property(sizes, entries(entry), (n, values) => {
			const matrix = gram(values, n);
			const found = sorted(symmetricEigenvalues(Float64Array.from(matrix.to1DArray()), n));
			const expected = sorted(new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues);
			const scale = Math.max(...expected.map(Math.abs));
			for (const [i, value] of found.entries())
				expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-10 * scale);
		}),
	);
});

test("add up to the trace, and their squares to the squares of all elements, however small some of these are", () => {
	const entry = fc.double({ min: -10, max: 10, noNaN: true });
	const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
	fc.assert(
		fc.property(sizes, entries(entry), (n, values) => {
			const elements = Float64Array.from(gram(values, n).to1DArray());
			const squares = sum(elements.map((x) => x * x));
			const trace = sum(elements.filter((_, i) => i % (n + 1) === 0));
			const found = symmetricEigenvalues(elements, n);
			expect(Math.abs(sum(found) - trace)).toBeLessThanOrEqual(1e-10 * trace);
			expect(Math.abs(sum(found.map((x) => x * x)) - squares)).toBeLessThanOrEqual(1e-10 * squares);
		}),
	);
});

test("of the second difference matrix are 2 − 2 cos(πk / (n + 1))", () => {
	const n = 60;
	const matrix = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		matrix[i * n + i] = 2;
		if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
	}
	for (const [k, value] of sorted(symmetricEigenvalues(matrix, n)).entries())
		expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)), 12);
});

test("of a diagonal matrix are its diagonal, and of one number that number", () => {
	expect(sorted(symmetricEigenvalues(Float64Array.of(3, 0, 0, 0, -1, 0, 0, 0, 2), 3))).toEqual([-1, 2, 3]);
	expect(sorted(symmetricEigenvalues(Float64Array.of(7), 1))).toEqual([7]);
});
