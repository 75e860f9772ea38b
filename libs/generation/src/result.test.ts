import fc from "fast-check";
import { expect, it } from "vitest";
import { qualityOf } from "./result.js";

it("tells the best objective after 10, 25, 50, 100, 200, 400, … evaluations and after the last", () => {
	const scores = Array.from({ length: 450 }, (_, i) => i);
	expect(qualityOf(scores)).toEqual(
		[10, 25, 50, 100, 200, 400, 450].map((evaluations) => ({ evaluations, best: evaluations - 1 })),
	);
	expect(qualityOf([])).toEqual([]);
	expect(qualityOf([3, 1])).toEqual([{ evaluations: 2, best: 3 }]);
});

it("never falls and ends with the best of all", () => {
	fc.assert(
		fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 300 }), (scores) => {
			const bests = qualityOf(scores).map(({ best }) => best);
			expect(bests).toEqual([...bests].sort((a, b) => a - b));
			expect(bests.at(-1)).toBe(Math.max(...scores));
		}),
	);
});
