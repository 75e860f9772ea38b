import { expect, it } from "vitest";
import { pearson, rSquared, spearman } from "./correlation.js";

it("computes R²: 1 for a perfect prediction, 0 for the mean, below for worse", () => {
	const actual = [1, 2, 3, 6];
	expect(rSquared(actual, actual)).toBe(1);
	expect(rSquared([3, 3, 3, 3], actual)).toBe(0);
	expect(rSquared([6, 3, 2, 1], actual)).toBeLessThan(0);
});

it("computes correlations, Spearman by ranks with shared ties", () => {
	expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1);
	expect(spearman([1, 2, 3, 4], [1, 10, 100, 1000])).toBeCloseTo(1);
	expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1);
	// ranks 0.5, 0.5, 2 against 0, 1, 2
	expect(spearman([1, 1, 5], [1, 2, 3])).toBeCloseTo(Math.sqrt(3) / 2);
});
