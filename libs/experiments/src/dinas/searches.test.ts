import { expect, it } from "vitest";
import { randomSearches, searchResult } from "./searches.js";

it("keeps of each search the architecture that is best by validation", () => {
	const accuracies = { validation: [1, 4, 2, 3], test: [10, 20, 30, 25] };
	const result = searchResult(accuracies, [[0, 2], [1, 3, 1], [], [3]], 1);
	expect(result.validation.mean).toBeCloseTo((2 + 4 + 3) / 3, 12);
	expect(result.test.mean).toBeCloseTo((30 + 20 + 25) / 3, 12);
	expect(result.distance).toBeCloseTo(1, 12);
	// the search without architectures did not find it either
	expect([result.optimumFound, result.searches]).toEqual([0.25, 3]);
	expect(searchResult(accuracies, [[1]], 1).test).toEqual({ mean: 20, sd: 0 });
});

it("searches at random as probability says", () => {
	const searches = randomSearches(100, 50, 2000);
	const validation = Array.from({ length: 100 }, (_, i) => i);
	const { optimumFound, validation: best } = searchResult({ validation, test: validation }, searches, 99);
	expect(Math.abs(optimumFound - (1 - 0.99 ** 50))).toBeLessThan(0.04);
	// Σ P(the best of 50 is at least k) over k = 1 … 99
	const expected = validation.slice(1).reduce((sum, k) => sum + 1 - (k / 100) ** 50, 0);
	expect(Math.abs(best.mean - expected)).toBeLessThan(0.2);
});
