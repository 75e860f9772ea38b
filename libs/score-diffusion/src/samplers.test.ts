import { createRandom } from "@archgen/random";
import { describe, expect, it } from "vitest";
import { type Mixture, mixtureScore } from "../test/toy.js";
import { langevinStep } from "./langevin.js";
import { PUBLISHED_SAMPLER, runSampler, type Sampler } from "./samplers.js";
import { priorSample, SDE } from "./sde.js";

const MIXTURE: Mixture = {
	weights: [0.2, 0.8],
	means: [
		[-1, 1],
		[1, 0.5],
	],
	std: 0.2,
};

/** Share, mean and variance of the samples near the first component. */
function firstComponent(samples: Float32Array) {
	const rows = Array.from({ length: samples.length / 2 }, (_, i) => samples.subarray(2 * i, 2 * i + 2));
	const own = rows.filter((row) => row[0]! < 0);
	const mean = [0, 1].map((k) => own.reduce((sum, row) => sum + row[k]!, 0) / own.length);
	const variance = own.reduce((sum, row) => sum + (row[0]! - mean[0]!) ** 2, 0) / own.length;
	return { share: own.length / rows.length, mean, variance };
}

async function sample(sampler: Sampler, rows: number) {
	const random = createRandom(4);
	const start = priorSample(SDE, 2 * rows, random.fork("prior"));
	const score = (x: Float32Array, sigma: number) => mixtureScore(MIXTURE, x, sigma);
	return runSampler({ score, start, rows }, SDE, sampler, random.fork("steps"));
}

const SAMPLERS: readonly (readonly [string, Sampler])[] = [
	["the published predictor-corrector with fewer steps", { ...PUBLISHED_SAMPLER, steps: 150 }],
	[
		"Euler and Maruyama's method alone",
		{ ...PUBLISHED_SAMPLER, steps: 300, signalToNoise: 0, predictor: "euler-maruyama" },
	],
	["the probability flow in equal steps", { kind: "probability-flow", steps: 30 }],
	["the probability flow with error control", { kind: "probability-flow", tolerance: 1e-5 }],
];

describe.each(SAMPLERS)("%s", (_name, sampler) => {
	it("draws from a mixture of Gaussians whose score is known", async () => {
		const { share, mean, variance } = firstComponent(await sample(sampler, 4000));
		// the prior forgets the mean of the data, which moves a few hundredths of the mass
		expect(Math.abs(share - 0.2)).toBeLessThan(0.05);
		expect(Math.abs(mean[0]! + 1)).toBeLessThan(0.03);
		expect(Math.abs(mean[1]! - 1)).toBeLessThan(0.03);
		// The last step's denoising takes up to σmin² from the variance.
		expect(variance).toBeGreaterThan(0.2 ** 2 - 0.1 ** 2 - 0.006);
		expect(variance).toBeLessThan(0.2 ** 2 + 0.1 ** 2);
	});
});

it("takes few steps of the probability flow to the same points as error control does", async () => {
	const [few, exact] = [
		await sample({ kind: "probability-flow", steps: 40 }, 500),
		await sample({ kind: "probability-flow", tolerance: 1e-6 }, 500),
	];
	const distances = few.map((value, i) => Math.abs(value - exact[i]!)).sort();
	expect(distances[Math.floor(0.95 * distances.length)]).toBeLessThan(0.02);
});

it("refuses fewer than two steps", async () => {
	expect(() =>
		runSampler(
			{ score: (x) => x, start: new Float32Array(2), rows: 1 },
			SDE,
			{ kind: "probability-flow", steps: 1 },
			createRandom(0),
		),
	).toThrow(/steps/);
});

it("stops between steps when its signal fires", async () => {
	const controller = new AbortController();
	const score = (x: Float32Array) => {
		controller.abort();
		return x;
	};
	const problem = { score, start: new Float32Array(2), rows: 1, signal: controller.signal };
	for (const [, sampler] of SAMPLERS)
		await expect(runSampler(problem, SDE, sampler, createRandom(0))).rejects.toMatchObject({
			reason: "CANCELLED",
		});
});

describe("Langevin dynamics", () => {
	it("comes to rest at a known density", () => {
		// Gaussian of mean (1, −1), deviations 0.5 and 1, correlation 0.6: s(x) = −Σ⁻¹ (x − μ)
		const [mean, a, b, correlation] = [[1, -1] as const, 0.5, 1, 0.6];
		const scale = 1 / (1 - correlation ** 2);
		const scoreOf = (x: Float32Array) =>
			x.map((_, i) => {
				const row = i - (i % 2);
				const [u, v] = [(x[row]! - mean[0]) / a, (x[row + 1]! - mean[1]) / b];
				return i % 2 === 0 ? (-scale * (u - correlation * v)) / a : (-scale * (v - correlation * u)) / b;
			});
		const random = createRandom(8);
		const rows = 3000;
		const x = new Float32Array(2 * rows);
		for (let step = 0; step < 1500; step++) langevinStep(x, scoreOf(x), rows, 0.08, random);
		const column = (k: number) => Array.from({ length: rows }, (_, i) => x[2 * i + k]!);
		const average = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / rows;
		const [means, centred] = [[0, 1].map((k) => average(column(k))), [0, 1].map((k) => column(k))];
		const covariance = (i: number, j: number) =>
			average(centred[i]!.map((v, row) => (v - means[i]!) * (centred[j]![row]! - means[j]!)));
		expect(Math.abs(means[0]! - 1)).toBeLessThan(0.05);
		expect(Math.abs(means[1]! + 1)).toBeLessThan(0.1);
		expect(Math.abs(covariance(0, 0) / 0.25 - 1)).toBeLessThan(0.1);
		expect(Math.abs(covariance(1, 1) - 1)).toBeLessThan(0.1);
		expect(Math.abs(covariance(0, 1) / Math.sqrt(covariance(0, 0) * covariance(1, 1)) - 0.6)).toBeLessThan(
			0.05,
		);
	});
});
