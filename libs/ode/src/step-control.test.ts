import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StepControl } from "./step-control.js";

const error = fc.oneof(fc.double({ min: 0, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true }));

describe("StepControl", () => {
	it("stays in [0.2, 10], shrinks after a rejection and does not grow right after one", () => {
		fc.assert(
			fc.property(fc.array(error), fc.integer({ min: 2, max: 8 }), (errors, q) => {
				const control = new StepControl(q);
				let rejected = false;
				for (const e of errors) {
					const factor = control.factor(e);
					expect(factor).toBeGreaterThanOrEqual(0.2);
					expect(factor).toBeLessThanOrEqual(e > 1 ? 0.9 : rejected ? 1 : 10);
					rejected = e > 1;
				}
			}),
		);
	});

	it("follows h · 0.9 · err^-0.17 · errPrevious^0.04 for a 5(4) pair", () => {
		const control = new StepControl(5);
		expect(control.factor(0.5)).toBeCloseTo(0.9 * 0.5 ** -0.17 * 1e-4 ** 0.04, 14);
		expect(control.factor(0.8)).toBeCloseTo(0.9 * 0.8 ** -0.17 * 0.5 ** 0.04, 14);
		expect(control.factor(3)).toBeCloseTo(0.9 * 3 ** -0.17, 14);
	});
});
