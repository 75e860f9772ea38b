import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestError, PROBLEMS, start } from "./exact-problems.suite.js";
import { solve } from "./solve.js";
import { BOGACKI_SHAMPINE_32, DORMAND_PRINCE_54, TABLEAUS } from "./tableaus.js";

describe.each(
	TABLEAUS.map((tableau) => [tableau.name, tableau] as const),
)("observed order of %s", (_, tableau) => {
	it.each(Object.entries(PROBLEMS))("on %s", async (_name, problem) => {
		const errors = await Promise.all(
			[64, 128].map(async (steps) => {
				const { y } = await solve({ ...start(problem), tableau, steps });
				return largestError(y, problem.solution(problem.t1));
			}),
		);
		const order = Math.log2(errors[0]! / errors[1]!);
		expect(order).toBeGreaterThan(tableau.order - 0.2);
		expect(order).toBeLessThan(tableau.order + 1.2); // linear problems can gain one order
	});
});

describe("error control", () => {
	it.each(
		Object.entries(PROBLEMS),
	)("keeps the global error near the tolerance on %s", async (_name, problem) => {
		for (const tolerance of [1e-4, 1e-6, 1e-8, 1e-10]) {
			const { y } = await solve({ ...start(problem), atol: tolerance, rtol: tolerance });
			expect(largestError(y, problem.solution(problem.t1))).toBeLessThan(30 * tolerance);
		}
	});

	it("needs steps in proportion to tolerance^(-1/q)", async () => {
		for (const [tableau, q] of [
			[DORMAND_PRINCE_54, 5],
			[BOGACKI_SHAMPINE_32, 3],
		] as const) {
			const steps = await Promise.all(
				[1e-5, 1e-8].map(async (tolerance) => {
					const problem = { ...start(PROBLEMS["harmonic oscillator"]!), t1: 40, maxSteps: 1e5 };
					return (await solve({ ...problem, tableau, atol: tolerance, rtol: tolerance })).accepted;
				}),
			);
			expect(Math.log(steps[1]! / steps[0]!) / Math.log(1e3)).toBeCloseTo(1 / q, 1);
		}
	});

	it("integrates a hundred turns of the harmonic oscillator", async () => {
		const problem = { ...start(PROBLEMS["harmonic oscillator"]!), t1: 200 * Math.PI, maxSteps: 1e5 };
		const { y } = await solve({ ...problem, atol: 1e-10, rtol: 1e-10 });
		expect(largestError(y, [1, 0])).toBeLessThan(1e-6);
	});

	it("returns to the start when integrated backwards", async () => {
		const unit = fc.double({ min: -2, max: 2, noNaN: true });
		await fc.assert(
			fc.asyncProperty(unit, unit, fc.double({ min: 0.1, max: 5, noNaN: true }), async (a, b, t1) => {
				// A pendulum: bounded, reversible, not linear.
				const field = (_: number, y: Float64Array) => Float64Array.of(y[1]!, -Math.sin(y[0]!));
				const shared = { field, atol: 1e-9, rtol: 1e-9 };
				const there = await solve({ ...shared, y0: Float64Array.of(a, b), t0: 0, t1 });
				const back = await solve({ ...shared, y0: there.y, t0: t1, t1: 0 });
				expect(largestError(back.y, [a, b])).toBeLessThan(1e-6);
			}),
			{ numRuns: 30 },
		);
	});

	it("is exact for polynomials of the method's degree", async () => {
		const field = (t: number) => Float64Array.of(5 * t ** 4 - 3 * t ** 2 + 1);
		const { y } = await solve({ field, y0: Float64Array.of(2), t0: -1, t1: 2, steps: 3 });
		expect(y[0]).toBeCloseTo(2 + (32 - 8 + 2) - (-1 + 1 - 1), 12);
	});
});
