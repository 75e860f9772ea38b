import { createRandom } from "@archgen/random";
import { distinctArchitectures, trainingArchitectures } from "@archgen/score-diffusion";
import { architectureKey, SEARCH_SPACES } from "@archgen/search-space";
import { expect, it } from "vitest";
import { Benchmark, bestPredicted } from "./benchmark.js";
import { table4Row, uniformMethod } from "./table4.js";

const SPACE = SEARCH_SPACES.nasbench201;

it("gives uniform draws the uniqueness and novelty that probability says", async () => {
	const set = trainingArchitectures(SPACE, { space: "nasbench201", architectures: 7812, seed: 0 });
	const trained = new Set(set.map((each) => architectureKey(SPACE, each)));
	expect(trained.size).toBe(7812);
	let clock = 0;
	const options = { count: 1000, seeds: 3, trained, now: () => (clock += 600) };
	const row = await table4Row(SPACE, uniformMethod(SPACE), options);
	expect(row.validity).toEqual({ mean: 100, sd: 0 });
	const expected = (100 * 15_625 * (1 - (1 - 1 / 15_625) ** 1000)) / 1000;
	expect(Math.abs(row.uniqueness.mean - expected)).toBeLessThan(1);
	expect(Math.abs(row.novelty.mean - 50)).toBeLessThan(3);
	expect(row.millisecondsPerSample).toBeCloseTo(0.2, 12);
	const broken = { method: "half", generate: async () => [undefined, set[0]!] };
	const half = await table4Row(SPACE, broken, { ...options, count: 2 });
	expect([half.validity.mean, half.uniqueness.mean, half.novelty.mean]).toEqual([50, 100, 0]);
});

it("summarises test accuracies, and picks by validation", () => {
	const architectures = distinctArchitectures(SPACE, 4, createRandom(0));
	const columns = { val: [1, 4, 2, 3], test: [10, 20, 30, 25] };
	const benchmark = new Benchmark(SPACE, { architectures, columns }, "val", "test");
	expect(benchmark.summary([architectures[0], undefined, architectures[1], architectures[2]])).toEqual({
		max: 30,
		mean: 20,
		min: 10,
		bestByValidation: 20,
		architectures: 3,
	});
	expect(benchmark.oracle(2)).toEqual([architectures[2], architectures[3]]);
	expect(benchmark.random(5, 1)).toEqual(benchmark.random(5, 1));
	expect(bestPredicted(["a", "b", "c"], [2, 3, 1], 2)).toEqual(["b", "a"]);
});
