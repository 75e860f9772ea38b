import { checkConstraints, RANDOM_CELLS } from "@archgen/design";
import { createRandom } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import { describe, expect, it } from "vitest";
import { BAYESIAN_SEARCH } from "./bayesian-search.js";
import { CELL_EVOLUTION } from "./cell-evolution.js";
import { designFeatures, featureDistance } from "./design-features.js";
import { recordToLine } from "./history.js";
import { runEvolution } from "./run-evolution.js";
import { CountingScorer, SMALL } from "./testing.suite.js";

const OPTIONS = { ...SMALL, populationSize: 64, evaluations: 120 };
const dependencies = () => ({ cells: RANDOM_CELLS, scorer: new CountingScorer() });
const found = await runEvolution({ ...OPTIONS, strategy: BAYESIAN_SEARCH }, dependencies());

describe("Bayesian search", () => {
	it("keeps the bounds and breeds from what it found, after random designs", () => {
		expect(found.history).toHaveLength(120);
		for (const { counts } of found.history)
			expect(checkConstraints(counts, OPTIONS.constraints).satisfied).toBe(true);
		expect(found.history.slice(0, 50).every(({ parent }) => parent === null)).toBe(true);
		expect(found.history.slice(50).filter(({ parent }) => parent !== null).length).toBeGreaterThan(60);
	});

	it("is better than evolution of the same children with as many evaluations", async () => {
		const evolved = await runEvolution({ ...OPTIONS, strategy: CELL_EVOLUTION }, dependencies());
		expect(found.best!.score).toBeGreaterThan(evolved.best!.score);
	});

	it("goes on from its history to the same end", async () => {
		const options = { ...OPTIONS, strategy: BAYESIAN_SEARCH };
		const resumed = await runEvolution(options, dependencies(), {}, { history: found.history.slice(0, 73) });
		expect(resumed.history.map(recordToLine)).toEqual(found.history.map(recordToLine));
	});
});

it("describes designs by numbers that repeated cells add up to", () => {
	const cell = randomCell(createRandom(2));
	const stage = { cluster: 0, channels: 32, stride: 2, repeats: 1, cell } as const;
	const once = designFeatures({ stages: [stage], finalChannels: 64 });
	const twice = designFeatures({ stages: [{ ...stage, repeats: 2 }], finalChannels: 64 });
	const apart = designFeatures({ stages: [stage, { ...stage, stride: 1 }], finalChannels: 64 });
	expect(twice.filter((value, i) => value === 2 * once[i]! && value > 0).length).toBeGreaterThan(4);
	expect(apart.filter((value, i) => value !== twice[i])).toEqual([2]); // the number of stages
	const distance = featureDistance([once, twice, apart]);
	expect(distance(once, once)).toBe(0);
	expect(distance(once, twice)).toBeCloseTo(distance(twice, once), 12);
	expect(distance(once, twice)).toBeGreaterThan(0);
});
