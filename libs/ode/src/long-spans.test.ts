import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solve } from "./solve.js";

const rest = () => Float64Array.of(0);

describe("error control over any span of time", () => {
	it("carries a state at rest to the end, from any start, forwards and backwards", async () => {
		const times = fc.tuple(
			fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
			fc.double({ min: 0, max: 1e300, noNaN: true }),
			fc.boolean(),
		);
		await fc.assert(
			fc.asyncProperty(times, fc.constantFrom(0, 2, 1e9), async ([span, start, isBackward], y) => {
				const [t0, t1] = isBackward ? [start + span, start] : [start, start + span];
				const { y: end } = await solve({ field: rest, y0: Float64Array.of(y), t0, t1 });
				expect(end[0]).toBe(y);
			}),
			{ numRuns: 60 },
		);
	});

	it("comes to rest and stays there: y' = -y over a billion units of time", async () => {
		const { y } = await solve({
			field: (_, [x]) => Float64Array.of(-x!),
			y0: Float64Array.of(1),
			t0: 0,
			t1: 20,
			maxSteps: 1000,
		});
		expect(y[0]).toBeCloseTo(Math.exp(-20), 5);
		const later = await solve({ field: rest, y0: y, t0: 20, t1: 1e9 });
		expect(later.y[0]).toBe(y[0]);
	});

	it("gives the same state when the unit of time changes", async () => {
		for (const unit of [1e-9, 1, 1e9]) {
			const { y } = await solve({
				field: (_, [a, b]) => Float64Array.of(b! / unit, -a! / unit),
				y0: Float64Array.of(1, 0),
				t0: 0,
				t1: 3 * unit,
				rtol: 1e-8,
				atol: 1e-8,
			});
			expect(y[0]).toBeCloseTo(Math.cos(3), 6);
		}
	});

	it("still names a singularity, at zero too", async () => {
		const field = (_: number, [x]: Float64Array) => Float64Array.of(x! ** 2);
		const blowUp = solve({ field, y0: Float64Array.of(1), t0: -1, t1: 1 });
		await expect(blowUp).rejects.toMatchObject({
			reason: expect.stringMatching(/STEP_UNDERFLOW|TOO_MANY_STEPS/),
		});
	});

	it("refuses a span that is no number", async () => {
		const endless = solve({ field: rest, y0: Float64Array.of(1), t0: -1.7e308, t1: 1.7e308 });
		await expect(endless).rejects.toMatchObject({ violations: [expect.objectContaining({ field: "t1" })] });
	});
});
