import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { determinant, inverse, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { assign, logDensity, meanLogLikelihood, responsibilities } from "./density.js";
import type { Mixture } from "./mixture.js";

const standard: Mixture = { dimension: 1, weights: [1], means: [[0]], covariances: [[[1]]] };

const correlated: Mixture = {
	dimension: 2,
	weights: [1],
	means: [[3, -2]],
	covariances: [
		[
			[2, 0.5],
			[0.5, 1],
		],
	],
};

const pair: Mixture = {
	dimension: 2,
	weights: [0.25, 0.75],
	means: [
		[0, 0],
		[4, 4],
	],
	covariances: [
		[
			[1, 0],
			[0, 1],
		],
		[
			[2, 1],
			[1, 2],
		],
	],
};

describe("logDensity", () => {
	it("of the standard normal is −ln√(2π) − x²/2", () => {
		expect(logDensity(standard, [0])).toBeCloseTo(-0.9189385332046727, 14);
		expect(logDensity(standard, [3])).toBeCloseTo(-0.9189385332046727 - 4.5, 14);
	});

	it("uses the inverse covariance", () => {
		// |Σ| = 1.75, Σ⁻¹ = [[1, −0.5], [−0.5, 2]] / 1.75, so the quadratic form of (1, −1) is 4 / 1.75.
		const expected = -Math.log(2 * Math.PI) - 0.5 * Math.log(1.75) - 2 / 1.75;
		expect(logDensity(correlated, [4, -3])).toBeCloseTo(expected, 14);
	});

	it("is that of the textbook formula in any number of dimensions", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 1e6 }), (dimension, seed) => {
				const random = createRandom(seed);
				const row = () => Array.from({ length: dimension }, () => random.normal());
				const factor = new Matrix(Array.from({ length: dimension }, row));
				const sigma = factor.mmul(factor.transpose()).add(Matrix.eye(dimension).mul(0.1));
				const covariance = sigma
					.to2DArray()
					.map((values, i, all) => values.map((_, j) => all[Math.max(i, j)]![Math.min(i, j)]!));
				const [mean, x] = [row(), row()];
				const deviation = Matrix.columnVector(x.map((value, i) => value - mean[i]!));
				const quadratic = deviation.transpose().mmul(inverse(sigma)).mmul(deviation).get(0, 0);
				const expected =
					-0.5 * (dimension * Math.log(2 * Math.PI) + Math.log(determinant(sigma)) + quadratic);
				const mixture = { dimension, weights: [1], means: [mean], covariances: [covariance] };
				expect(Math.abs(logDensity(mixture, x) - expected)).toBeLessThan(1e-8 * (1 + Math.abs(expected)));
			}),
		);
	});

	it("adds weighted densities", () => {
		// At (0, 0): the quadratic form of (−4, −4) under [[2, 1], [1, 2]] is 32/3, |Σ| = 3.
		const first = 0.25 / (2 * Math.PI);
		const second = (0.75 / (2 * Math.PI * Math.sqrt(3))) * Math.exp(-16 / 3);
		expect(logDensity(pair, [0, 0])).toBeCloseTo(Math.log(first + second), 14);
		expect(responsibilities(pair, [0, 0])[1]).toBeCloseTo(second / (first + second), 14);
	});

	it("integrates to 1", () => {
		let sum = 0;
		const step = 0.1;
		for (let a = -8; a < 16; a += step) {
			for (let b = -8; b < 16; b += step) sum += Math.exp(logDensity(pair, [a, b])) * step * step;
		}
		expect(sum).toBeCloseTo(1, 6);
	});

	it("does not underflow far from every mean", () => {
		const x = [1e9, -1e9];
		// There the exponent is all that counts: −1e18 under the first component and −1e18 under the second.
		expect(logDensity(pair, x) / -1e18).toBeCloseTo(1, 6);
		expect(responsibilities(pair, x).reduce((a, b) => a + b)).toBeCloseTo(1, 14);
		expect(logDensity(standard, [1e6])).toBeCloseTo(-5e11, -1);
	});

	it("is the mean over samples for one sample, in either form", () => {
		expect(meanLogLikelihood(pair, [[1, 2]])).toBe(logDensity(pair, [1, 2]));
		expect(meanLogLikelihood(pair, Float64Array.of(1, 2))).toBe(logDensity(pair, [1, 2]));
	});

	it("of a block of samples is that of each", () => {
		const rows = Array.from({ length: 300 }, (_, n) => [Math.cos(n) * 5, Math.sin(n * n) * 5]);
		const mean = rows.reduce((sum, row) => sum + logDensity(pair, row), 0) / rows.length;
		expect(meanLogLikelihood(pair, rows)).toBeCloseTo(mean, 12);
	});
});

describe("responsibilities", () => {
	const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true });

	it("sum to 1 everywhere, and the largest is the assignment", () => {
		fc.assert(
			fc.property(coordinate, coordinate, (a, b) => {
				const shares = responsibilities(pair, [a, b]);
				expect(shares[0]! + shares[1]!).toBeCloseTo(1, 12);
				expect(shares[assign(pair, [a, b])]).toBe(Math.max(...shares));
			}),
		);
	});

	it("are 0 for a component without weight", () => {
		expect(responsibilities({ ...pair, weights: [0, 1] }, [0, 0])).toEqual([0, 1]);
	});
});

describe("refuses", () => {
	it.each([
		["x", [1]],
		["x[1]", [1, Number.NaN]],
		["x", [1e200, 0]],
	])("%s of %o", (field, x) => {
		expect(() => assign(pair, x)).toThrowError(
			expect.objectContaining({ reason: "INVALID_POINT", violations: [expect.objectContaining({ field })] }),
		);
	});

	it("a covariance that is not positive definite", () => {
		const flat: Mixture = { ...standard, covariances: [[[0]]] };
		expect(() => logDensity(flat, [0])).toThrowError(
			expect.objectContaining({ reason: "COVARIANCE_NOT_POSITIVE_DEFINITE" }),
		);
	});
});
