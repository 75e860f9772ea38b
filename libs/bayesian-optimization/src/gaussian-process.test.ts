import { createRandom } from "@archgen/random";
import { Matrix, pseudoInverse } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { fitGaussianProcess, GaussianProcess } from "./gaussian-process.js";

const squared = (a: number, b: number) => (a - b) ** 2;

/** Values of standard deviation 1 and mean 0, so that no standardisation interferes. */
const SQRT_HALF = Math.SQRT1_2;
const TWO = { points: [0, 1], values: [SQRT_HALF, -SQRT_HALF] };

describe("the posterior", () => {
	it("of two observations is the closed form", () => {
		const settings = { decay: 0.8, noise: 0.05 };
		const process = new GaussianProcess(TWO, squared, settings);
		const r = Math.exp(-0.8);
		const d = 1.05;
		for (const x of [-1, 0, 0.3, 0.5, 1, 2.5]) {
			const [a, b] = [Math.exp(-0.8 * x * x), Math.exp(-0.8 * (x - 1) ** 2)];
			// (K + noise I)⁻¹ (1, −1) = (1, −1) / (d − r)
			expect(process.at(x).mean).toBeCloseTo((SQRT_HALF * (a - b)) / (d - r), 12);
			const explained = (d * (a * a + b * b) - 2 * r * a * b) / (d * d - r * r);
			expect(process.at(x).sd ** 2).toBeCloseTo(1 - explained, 12);
		}
		const likelihood = -0.5 / (d - r) - Math.log(d * d - r * r) / 2 - Math.log(2 * Math.PI);
		expect(process.logMarginalLikelihood).toBeCloseTo(likelihood, 12);
	});

	it("is that of conditioning the joint normal distribution, whatever mean and deviation the values have", () => {
		const random = createRandom(4);
		const points = Array.from({ length: 12 }, () => 3 * random.uniform());
		const values = points.map((x) => 70 + 5 * Math.sin(2 * x));
		const process = new GaussianProcess({ points, values }, squared, { decay: 1.3, noise: 0.02 });
		const kernel = (a: readonly number[], b: readonly number[]) =>
			new Matrix(a.map((x) => b.map((y) => Math.exp(-1.3 * squared(x, y)))));
		const inverse = pseudoInverse(kernel(points, points).add(Matrix.eye(12).mul(0.02)));
		const { mean, sd } = process.scale;
		const y = Matrix.columnVector(values.map((value) => (value - mean) / sd));
		for (const x of [0.1, 1, 2.2, 4]) {
			const row = kernel([x], points);
			const { mean: found, sd: spread } = process.at(x);
			expect(found).toBeCloseTo(mean + sd * row.mmul(inverse).mmul(y).get(0, 0), 8);
			const variance = 1 - row.mmul(inverse).mmul(row.transpose()).get(0, 0);
			expect(spread).toBeCloseTo(sd * Math.sqrt(variance), 6);
		}
	});

	it("goes through observations without noise, and back to the prior far away", () => {
		const process = new GaussianProcess({ points: [0, 1, 5], values: [3, 4, 9] }, squared, {
			decay: 1,
			noise: 1e-9,
		});
		expect(process.at(1).mean).toBeCloseTo(4, 6);
		expect(process.at(1).sd).toBeLessThan(1e-3);
		expect(process.at(100).mean).toBeCloseTo(process.scale.mean, 12);
		expect(process.at(100).sd).toBeCloseTo(process.scale.sd, 12);
	});
});

it("finds the settings that made the values", () => {
	const random = createRandom(1);
	const points = Array.from({ length: 60 }, (_, i) => i / 6);
	const rough = points.map(() => random.normal());
	const smooth = points.map((x) => Math.sin(x / 2));
	const grid = [0.05, 5].flatMap((decay) => [0.01, 1].map((noise) => ({ decay, noise })));
	expect(fitGaussianProcess({ points, values: smooth }, squared, grid).settings).toEqual({
		decay: 0.05,
		noise: 0.01,
	});
	expect(fitGaussianProcess({ points, values: rough }, squared, grid).settings.noise).toBe(1);
});

it("refuses values that cannot be fitted", () => {
	const settings = { decay: 1, noise: 0.1 };
	for (const observed of [
		{ points: [], values: [] },
		{ points: [1], values: [Number.NaN] },
		{ points: [1, 2], values: [1] },
	])
		expect(() => new GaussianProcess(observed, squared, settings)).toThrow(
			expect.objectContaining({ category: "INVALID_ARGUMENT" }),
		);
	const twice = { points: [1, 1], values: [0, 1] };
	expect(() => new GaussianProcess(twice, squared, { decay: 1, noise: 0 })).toThrow(/noise/);
});
