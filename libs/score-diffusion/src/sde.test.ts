import { createRandom, fillNormal } from "@archgen/random";
import { describe, expect, it } from "vitest";
import { diffusionSquared, FIRST_TIME, priorSample, SDE, samplingTimes, sigmaAt } from "./sde.js";

const varianceOf = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0) / values.length;

describe("the variance-exploding process", () => {
	it("goes from σmin to σmax with a constant slope of ln σ", () => {
		expect(sigmaAt(SDE, 0)).toBeCloseTo(0.1, 12);
		expect(sigmaAt(SDE, 1)).toBeCloseTo(5, 12);
		expect(sigmaAt(SDE, 0.5)).toBeCloseTo(Math.sqrt(0.1 * 5), 12);
	});

	it("has a diffusion coefficient whose square is the derivative of σ²", () => {
		for (const t of [0.05, 0.3, 0.7, 0.95]) {
			const h = 1e-5;
			const slope = (sigmaAt(SDE, t + h) ** 2 - sigmaAt(SDE, t - h) ** 2) / (2 * h);
			expect(diffusionSquared(SDE, t)).toBeCloseTo(slope, 5);
		}
	});

	it("reaches the marginal x₀ + σ(t) ε when it is simulated", () => {
		const random = createRandom(1);
		const [paths, steps, end, x0] = [20_000, 400, 0.8, 1];
		const x = fillNormal(random, new Float32Array(paths)).map((noise) => x0 + sigmaAt(SDE, 0) * noise);
		for (let i = 0; i < steps; i++) {
			const spread = Math.sqrt((diffusionSquared(SDE, ((i + 0.5) * end) / steps) * end) / steps);
			const noise = fillNormal(random, new Float32Array(paths));
			for (let k = 0; k < paths; k++) x[k]! += spread * noise[k]!;
		}
		const mean = x.reduce((a, b) => a + b, 0) / paths;
		const sigma = sigmaAt(SDE, end);
		// four standard errors
		expect(Math.abs(mean - x0)).toBeLessThan((4 * sigma) / Math.sqrt(paths));
		const variance = varianceOf(x.map((value) => value - x0));
		expect(Math.abs(variance / sigma ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / paths));
	});

	it("begins sampling at its prior and at t = 1, and ends at the first time", () => {
		const prior = priorSample(SDE, 40_000, createRandom(2));
		expect(Math.abs(varianceOf(prior) / 25 - 1)).toBeLessThan(0.03);
		const times = samplingTimes(5);
		expect(times[0]).toBe(1);
		expect(times[4]).toBeCloseTo(FIRST_TIME, 12);
		for (let i = 2; i < 5; i++) expect(times[i - 1]! - times[i]!).toBeCloseTo(times[0]! - times[1]!, 12);
	});
});
