import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ACQUISITIONS, type Belief } from "./acquisition.js";
import { normalDensity, normalDistribution } from "./normal.js";

/** ∫ f over y from low to high by Simpson's rule. */
function integral(f: (y: number) => number, low: number, high: number): number {
	const parts = 20_000;
	const width = (high - low) / parts;
	let sum = f(low) + f(high);
	for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * f(low + i * width);
	return (sum * width) / 3;
}

const density =
	({ mean, sd }: Belief) =>
	(y: number) =>
		normalDensity((y - mean) / sd) / sd;
const context = { best: 1.3, beta: 0.7, random: createRandom(0) };
const beliefs = fc.record({
	mean: fc.double({ min: -3, max: 4, noNaN: true }),
	sd: fc.double({ min: 0.05, max: 3, noNaN: true }),
});

it("Φ is the integral of the density, with a small relative error far below the mean too", () => {
	for (const z of [-8, -5, -3.001, -2.999, -1, 0, 0.5, 2.9, 3.1, 6]) {
		const exact = integral(normalDensity, z - 30, z);
		expect(Math.abs(normalDistribution(z) / exact - 1)).toBeLessThan(1e-9);
	}
	expect(normalDistribution(-1.2) + normalDistribution(1.2)).toBeCloseTo(1, 14);
});

it("PI and EI are the integrals of equations 23 and 24", () => {
	fc.assert(
		fc.property(beliefs, (belief) => {
			const end = Math.max(context.best, belief.mean) + 12 * belief.sd;
			const probability = integral(density(belief), context.best, end);
			expect(Math.abs(ACQUISITIONS.pi(belief, context) - probability)).toBeLessThan(1e-8);
			const gain = integral((y) => (y - context.best) * density(belief)(y), context.best, end);
			expect(Math.abs(ACQUISITIONS.ei(belief, context) - gain)).toBeLessThan(1e-8);
		}),
		{ numRuns: 60 },
	);
});

it("UCB adds β deviations, and exceeds y with probability Φ(β)", () => {
	fc.assert(
		fc.property(beliefs, (belief) => {
			const bound = ACQUISITIONS.ucb(belief, context);
			const below = integral(density(belief), belief.mean - 12 * belief.sd, bound);
			expect(Math.abs(below - normalDistribution(context.beta))).toBeLessThan(1e-8);
		}),
		{ numRuns: 60 },
	);
});

it("ITS draws from the belief", () => {
	const belief = { mean: 2, sd: 0.5 };
	const drawn = Array.from({ length: 20_000 }, () => ACQUISITIONS.its(belief, context));
	const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
	const variance = drawn.reduce((sum, y) => sum + (y - mean) ** 2, 0) / drawn.length;
	expect(Math.abs(mean - 2)).toBeLessThan(0.02);
	expect(Math.abs(Math.sqrt(variance) - 0.5)).toBeLessThan(0.02);
});

it("knows a certain value", () => {
	for (const [mean, gain] of [
		[1.2, 0],
		[1.5, 0.2],
	] as const) {
		expect(ACQUISITIONS.ei({ mean, sd: 0 }, context)).toBeCloseTo(gain, 12);
		expect(ACQUISITIONS.pi({ mean, sd: 0 }, context)).toBe(gain > 0 ? 1 : 0);
	}
});
