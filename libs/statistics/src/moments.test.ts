import { expect, test } from "vitest";
import { mean, standardDeviation } from "./moments.js";

test("mean and spread", () => {
	expect(mean([1, 2, 3, 6])).toBe(3);
	expect(standardDeviation([1, 3])).toBeCloseTo(Math.SQRT2);
	expect(standardDeviation([5])).toBe(0);
	expect(mean([])).toBeNaN();
});
