import fc from "fast-check";
import { expect, it } from "vitest";
import { confinedScore } from "./confined-score.js";

const number = fc.float({ min: -50, max: 50, noNaN: true });

it("estimates data within ±1, and leaves an estimate alone that is there already", () => {
	fc.assert(
		fc.property(
			number,
			number,
			fc.float({ min: Math.fround(0.1), max: 5, noNaN: true }),
			(slope, x, sigma) => {
				const [confined] = confinedScore(Float32Array.of(slope), Float32Array.of(x), sigma);
				const estimate = (s: number) => x + sigma ** 2 * s;
				expect(Math.abs(estimate(confined!))).toBeLessThan(1 + 1e-4);
				if (Math.abs(estimate(slope)) < 1)
					expect(Math.abs(confined! - slope)).toBeLessThan(1e-3 * (1 + Math.abs(slope)));
				else expect(Math.sign(estimate(slope) * estimate(confined!))).toBe(1);
			},
		),
	);
});
