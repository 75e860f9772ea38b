import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressibility, saliencySums, scaledSums, signalToNoise } from "./saliency.js";

const values = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 40 });

describe("saliency sums", () => {
	it("are sum, unbiased deviation and norms of |w ⊙ g|", () => {
		const sums = saliencySums(Float32Array.of(1, -2, 3), Float32Array.of(2, 1, -1));
		// s = 2, 2, 3: mean 7/3, variance ((1/3)² + (1/3)² + (2/3)²) / 2 = 1/3
		expect(sums.sum).toBeCloseTo(7, 12);
		expect(sums.std).toBeCloseTo(Math.sqrt(1 / 3), 12);
		expect(sums.gradientNorm).toBeCloseTo(Math.sqrt(6), 12);
		expect(sums.weightNorm).toBeCloseTo(Math.sqrt(14), 12);
	});

	it("give ratios that do not change when the gradient is multiplied by a power of two", () => {
		fc.assert(
			fc.property(values, values, fc.integer({ min: -20, max: 20 }), (w, g, exponent) => {
				const weight = Float32Array.from(w);
				const gradient = Float32Array.from(weight, (_, i) => g[i % g.length]!);
				const sums = saliencySums(weight, gradient);
				const larger = saliencySums(
					weight,
					gradient.map((x) => x * 2 ** exponent),
				);
				expect(scaledSums(larger, 2 ** -exponent).sum).toBeCloseTo(sums.sum, 5);
				expect(signalToNoise(scaledSums(sums, 2 ** exponent))).toBeCloseTo(signalToNoise(sums), 8);
			}),
		);
	});

	it("contribute 0 where there is no spread", () => {
		for (const [w, g] of [
			[[0.5], [3]],
			[
				[1, -1],
				[2, 2],
			],
			[
				[1, 2],
				[0, 0],
			],
		] as const) {
			const sums = saliencySums(Float32Array.from(w), Float32Array.from(g));
			expect([signalToNoise(sums), compressibility(sums)]).toEqual([0, 0]);
		}
	});
});
