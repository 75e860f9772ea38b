import { createRandom, fillNormal } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logDeterminant } from "./log-determinant.js";

/** A = BBᵀ of an n×rank matrix B. */
function gramMatrix(seed: number, n: number, rank: number): Float64Array {
	const b = fillNormal(createRandom(seed), new Float32Array(n * rank));
	return Float64Array.from({ length: n * n }, (_, e) => {
		const [i, j] = [Math.floor(e / n), e % n];
		let sum = 0;
		for (let k = 0; k < rank; k++) sum += b[i * rank + k]! * b[j * rank + k]!;
		return sum;
	});
}

describe("logDeterminant", () => {
	it("of a diagonal matrix is the sum of the logarithms", () => {
		expect(logDeterminant(Float64Array.of(2, 0, 0, 8), 2)).toBeCloseTo(Math.log(16), 12);
	});

	it("of a 2×2 matrix is ln(ad − b²)", () => {
		expect(logDeterminant(Float64Array.of(5, 2, 2, 3), 2)).toBeCloseTo(Math.log(11), 12);
	});

	it("grows by n ln c when the matrix is multiplied by c", () => {
		fc.assert(
			fc.property(
				fc.integer(),
				fc.integer({ min: 1, max: 12 }),
				fc.double({ min: 0.1, max: 50, noNaN: true }),
				(seed, n, c) => {
					const matrix = gramMatrix(seed, n, n + 3);
					const scaled = matrix.map((x) => x * c);
					expect(logDeterminant(scaled, n)!).toBeCloseTo(logDeterminant(matrix, n)! + n * Math.log(c), 6);
				},
			),
		);
	});

	it("is named singular when the rank is not full", () => {
		fc.assert(
			fc.property(fc.integer(), fc.integer({ min: 2, max: 12 }), (seed, n) => {
				expect(logDeterminant(gramMatrix(seed, n, n - 1), n)).toBeNull();
			}),
		);
	});
});
