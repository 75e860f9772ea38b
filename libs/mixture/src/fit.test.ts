import { createRandom, type Random } from "@archgen/random";
import fc from "fast-check";
import { EigenvalueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { assign, meanLogLikelihood } from "./density.js";
import { type FitOptions, fitMixture } from "./fit.js";

/** Samples of N(mean, A Aᵀ). */
function normals(random: Random, count: number, mean: number[], a: number[][]): number[][] {
	return Array.from({ length: count }, () => {
		const noise = mean.map(() => random.normal());
		return mean.map((m, i) => m + a[i]!.reduce((sum, value, j) => sum + value * noise[j]!, 0));
	});
}

const random = createRandom(1);

const THREE_CLUSTERS = [
	...normals(
		random.fork("a"),
		1500,
		[0, 0],
		[
			[1, 0],
			[0.5, 0.5],
		],
	), // Σ = [[1, .5], [.5, .5]]
	...normals(
		random.fork("b"),
		900,
		[6, 0],
		[
			[0.3, 0],
			[0, 2],
		],
	), // Σ = diag(.09, 4)
	...normals(
		random.fork("c"),
		600,
		[3, 7],
		[
			[0.5, 0],
			[0, 0.5],
		],
	), // Σ = diag(.25, .25)
];

describe("fitMixture", () => {
	it.each([
		1, 3, 4, 5, 9,
	])("of one component is mean and covariance of the samples in %i dimensions", async (dimension) => {
		const noise = random.fork(`dimension ${dimension}`);
		const row = () => Array.from({ length: dimension }, () => noise.normal());
		const samples = normals(noise, 300, row(), Array.from({ length: dimension }, row));
		const { mixture } = await fitMixture(samples, { components: 1, random });
		const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
		const means = Array.from({ length: dimension }, (_, i) => mean(samples.map((sample) => sample[i]!)));
		means.forEach((expected, i) => {
			expect(mixture.means[0]![i]).toBeCloseTo(expected, 10);
			for (let j = 0; j < dimension; j++) {
				const products = samples.map((sample) => (sample[i]! - expected) * (sample[j]! - means[j]!));
				expect(mixture.covariances[0]![i]![j]).toBeCloseTo(mean(products), 10);
			}
		});
	});

	it("never loses likelihood, whatever the data and the floor", async () => {
		const row = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 2 });
		// Few distinct values too, so that clusters collapse onto points and lines and the floor has work to do.
		const coarse = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 2, maxLength: 2 });
		const rows = fc.oneof(
			fc.array(row, { minLength: 5, maxLength: 60 }),
			fc.array(coarse, { minLength: 5, maxLength: 60 }),
		);
		const floors = fc.constantFrom(1e-6, 1e-2, 1);
		await fc.assert(
			fc.asyncProperty(
				rows,
				fc.integer({ min: 1, max: 5 }),
				floors,
				fc.nat(),
				async (samples, components, covarianceFloor, seed) => {
					const options = { components, covarianceFloor, restarts: 1, maxIterations: 30, tolerance: 0 };
					const fit = await fitMixture(samples, { ...options, random: createRandom(seed) });
					fit.history.slice(1).forEach((value, i) => {
						expect(value - fit.history[i]!).toBeGreaterThan(-1e-8);
					});
					expect(fit.history.at(-1)).toBe(fit.logLikelihood);
					expect(meanLogLikelihood(fit.mixture, samples)).toBeCloseTo(fit.logLikelihood, 9);
				},
			),
			{ numRuns: 60 },
		);
	});

	it("recovers a known mixture", async () => {
		const { mixture, converged } = await fitMixture(THREE_CLUSTERS, { components: 3, random });
		expect(converged).toBe(true);
		const [a, b, c] = [
			[0, 0],
			[6, 0],
			[3, 7],
		].map((mean) => assign(mixture, mean)) as [number, number, number];
		expect(new Set([a, b, c]).size).toBe(3);
		const near = (actual: readonly number[], expected: number[]) =>
			actual.forEach((value, i) => void expect(Math.abs(value - expected[i]!)).toBeLessThan(0.2));
		near(
			[a, b, c].map((k) => mixture.weights[k]!),
			[0.5, 0.3, 0.2],
		);
		near(mixture.means[b]!, [6, 0]);
		near(mixture.covariances[a]!.flat(), [1, 0.5, 0.5, 0.5]);
		near(mixture.covariances[c]!.flat(), [0.25, 0, 0, 0.25]);
		expect(Math.abs(mixture.covariances[b]![1]![1]! - 4)).toBeLessThan(0.6);
	});

	it("of one component is the sample mean and covariance", async () => {
		const n = THREE_CLUSTERS.length;
		const mean = [0, 1].map((j) => THREE_CLUSTERS.reduce((sum, row) => sum + row[j]!, 0) / n);
		const covariance = [0, 1].map((i) =>
			[0, 1].map(
				(j) => THREE_CLUSTERS.reduce((sum, row) => sum + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0) / n,
			),
		);
		const { mixture } = await fitMixture(THREE_CLUSTERS, { components: 1, random, restarts: 1 });
		expect(mixture.weights).toEqual([1]);
		[0, 1].forEach((i) => {
			expect(mixture.means[0]![i]).toBeCloseTo(mean[i]!, 10);
			[0, 1].forEach((j) => void expect(mixture.covariances[0]![i]![j]).toBeCloseTo(covariance[i]![j]!, 10));
		});
	});

	it("is the same for the same seed and for a flat array, and another for another seed", async () => {
		const options = { components: 12, restarts: 1, maxIterations: 5 };
		const first = await fitMixture(THREE_CLUSTERS, { ...options, random: createRandom(7) });
		const flat = Float64Array.from(THREE_CLUSTERS.flat());
		expect(await fitMixture(flat, { ...options, dimension: 2, random: createRandom(7) })).toEqual(first);
		expect(
			(await fitMixture(flat, { ...options, dimension: 2, random: createRandom(8) })).history,
		).not.toEqual(first.history);
	});

	it("returns the best of its restarts", async () => {
		const best = new Map<number, number>();
		const fit = await fitMixture(THREE_CLUSTERS.slice(0, 1800), {
			components: 5,
			random,
			restarts: 3,
			onIteration: ({ restart, logLikelihood }) => best.set(restart, logLikelihood),
		});
		expect([...best.keys()]).toEqual([0, 1, 2]);
		expect(fit.logLikelihood).toBe(Math.max(...best.values()));
		expect(best.get(fit.restart)).toBe(fit.logLikelihood);
	});
});

describe("degenerate data", () => {
	it("of identical points ends at the floor", async () => {
		const samples = Array.from({ length: 20 }, () => [2, -1, 5]);
		const { mixture } = await fitMixture(samples, { components: 3, random, covarianceFloor: 1e-4 });
		mixture.means.forEach((mean) => void expect(mean).toEqual([2, -1, 5]));
		mixture.covariances.flat(2).forEach((value, i) => {
			expect(value).toBeCloseTo([0, 4, 8].includes(i % 9) ? 1e-4 : 0, 12);
		});
	});

	it("on a line keeps every eigenvalue at least at the floor", async () => {
		const samples = Array.from({ length: 50 }, (_, n) => [n / 10, n / 5]);
		const { mixture } = await fitMixture(samples, { components: 2, random, covarianceFloor: 1e-3 });
		for (const covariance of mixture.covariances) {
			const { realEigenvalues } = new EigenvalueDecomposition(covariance as number[][]);
			expect(Math.min(...realEigenvalues)).toBeCloseTo(1e-3, 10);
			expect(Math.max(...realEigenvalues)).toBeGreaterThan(0.5);
		}
	});

	it("with as many components as samples gives each its own", async () => {
		const samples = [
			[0, 0],
			[10, 0],
			[0, 10],
		];
		const { mixture } = await fitMixture(samples, { components: 3, random });
		expect(new Set(samples.map((x) => assign(mixture, x))).size).toBe(3);
	});

	it("of huge scale still factorises", async () => {
		const samples = Array.from({ length: 40 }, (_, n) => [1e9 * n, 2e9 * n]);
		expect((await fitMixture(samples, { components: 2, random })).logLikelihood).toBeLessThan(0);
	});
});

describe("errors", () => {
	const rows = [
		[1, 2],
		[3, 4],
		[5, 6],
	];
	it.each<[string, number[][] | Float64Array, Partial<FitOptions>, string]>([
		["samples", [], {}, "INVALID_SAMPLES"],
		["samples[1]", [[1, 2], [3]], {}, "INVALID_SAMPLES"],
		[
			"samples[2][1]",
			[
				[1, 2],
				[3, 4],
				[5, Number.NaN],
			],
			{},
			"INVALID_SAMPLES",
		],
		["dimension", Float64Array.of(1, 2), {}, "INVALID_SAMPLES"],
		["samples", Float64Array.of(1, 2, 3), { dimension: 2 }, "INVALID_SAMPLES"],
		["components", rows, { components: 4 }, "TOO_FEW_SAMPLES"],
		["components", rows, { components: 0 }, "INVALID_FIELD"],
		["restarts", rows, { restarts: 0 }, "INVALID_FIELD"],
		["maxIterations", rows, { maxIterations: 0.5 }, "INVALID_FIELD"],
		["tolerance", rows, { tolerance: -1 }, "INVALID_FIELD"],
		["covarianceFloor", rows, { covarianceFloor: 0 }, "INVALID_FIELD"],
	])("name %s of %o with %o", async (field, samples, options, reason) => {
		await expect(fitMixture(samples, { components: 2, random, ...options })).rejects.toMatchObject({
			category: "INVALID_ARGUMENT",
			reason,
			violations: [{ field }],
		});
	});

	it("name a start of another shape", async () => {
		const { mixture: start } = await fitMixture(rows, { components: 2, random });
		await expect(fitMixture(rows, { components: 3, random, start })).rejects.toMatchObject({
			violations: [{ field: "start" }],
		});
	});
});

describe("cancellation", () => {
	it("from a timer stops a long fit soon", async () => {
		const abort = new AbortController();
		let iterations = 0;
		setTimeout(() => abort.abort(), 20);
		const endless = {
			components: 8,
			restarts: 1000,
			tolerance: 0,
			signal: abort.signal,
			onIteration: () => iterations++,
		};
		await expect(fitMixture(THREE_CLUSTERS, { ...endless, random })).rejects.toMatchObject({
			reason: "CANCELLED",
		});
		expect(iterations).toBeLessThan(1000);
	});
});
