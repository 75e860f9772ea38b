import { expect, test } from "vitest";
import { mean, quantile, standardDeviation } from "./moments.js";

test("mean and spread", () => {
	expect(mean([1, 2, 3, 6])).toBe(3);
	expect(standardDeviation([1, 3])).toBeCloseTo(Math.SQRT2);
	expect(standardDeviation([5])).toBe(0);
	expect(mean([])).toBeNaN();
});

test("takes the smallest value that a share of all is at most", () => {
	expect([0.01, 0.25, 0.5, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([1, 1, 2, 4]);
});
