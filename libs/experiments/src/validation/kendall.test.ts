import { expect, test } from "vitest";
import { kendall } from "./kendall.js";

test("counts concordant and discordant pairs", () => {
	expect(kendall([1, 2, 3, 4], [10, 20, 30, 40])).toBe(1);
	expect(kendall([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
	expect(kendall([1, 2, 3, 4], [1, 2, 4, 3])).toBeCloseTo(4 / 6);
});

test("corrects for ties", () => {
	// scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])
	expect(kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 12);
	expect(kendall([1, 1], [1, 2])).toBeNaN();
});
