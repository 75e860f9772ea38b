import { describe, expect, it } from "vitest";
import { CORRECTORS, PREDICTORS, solveAdams } from "./adams.js";
import { largestError, PROBLEMS, start } from "./exact-problems.suite.js";
import { solve } from "./solve.js";
import { RK4 } from "./tableaus.js";

describe("weights", () => {
	it.each([
		["predictors", PREDICTORS, 0],
		["correctors", CORRECTORS, 1],
	] as const)("of the %s integrate every polynomial of their degree over the step", (_, formulas, newest) => {
		for (const weights of formulas) {
			for (let degree = 0; degree < weights.length; degree++) {
				const sum = weights.reduce((total, weight, j) => total + weight * (newest - j) ** degree, 0);
				expect(sum).toBeCloseTo(1 / (degree + 1), 14);
			}
		}
	});
});

describe("Adams–Bashforth–Moulton", () => {
	it.each(Object.entries(PROBLEMS))("has order 3 on %s", async (_, problem) => {
		const errors = await Promise.all(
			[128, 256].map(async (steps) => {
				const { y } = await solveAdams({ ...start(problem), steps });
				return largestError(y, problem.solution(problem.t1));
			}),
		);
		const order = Math.log2(errors[0]! / errors[1]!);
		expect(order).toBeGreaterThan(2.8);
		expect(order).toBeLessThan(4.3);
	});

	it("takes one evaluation a step, where as many of Runge–Kutta 4 leave a larger error on a smooth problem", async () => {
		const problem = PROBLEMS["logistic growth"]!;
		const exact = problem.solution(problem.t1);
		const adams = await solveAdams({ ...start(problem), steps: 12 });
		const rungeKutta = await solve({ ...start(problem), tableau: RK4, steps: 3 });
		expect(adams).toMatchObject({ evaluations: 12, accepted: 12 });
		expect(rungeKutta.evaluations).toBe(12);
		expect(largestError(adams.y, exact)).toBeLessThan(largestError(rungeKutta.y, exact));
	});

	it("returns to the start when integrated backwards", async () => {
		const problem = start(PROBLEMS["harmonic oscillator"]!);
		const { y } = await solveAdams({ ...problem, steps: 200 });
		const back = await solveAdams({ ...problem, y0: y, t0: problem.t1, t1: problem.t0, steps: 200 });
		expect(largestError(back.y, [...problem.y0])).toBeLessThan(1e-5);
	});

	it("leaves y0 alone and lets the field return the same array every time", async () => {
		const y0 = Float32Array.of(1, 2);
		const reply = new Float32Array(2);
		const field = (_: number, y: Float32Array) => {
			reply[0] = y[1]!;
			reply[1] = -y[0]!;
			return reply;
		};
		const fresh = (t: number, y: Float32Array) => field(t, y).slice();
		const shared = await solveAdams({ field, y0, t0: 0, t1: 1, steps: 7 });
		expect(shared.y).toEqual((await solveAdams({ field: fresh, y0, t0: 0, t1: 1, steps: 7 })).y);
		expect([...y0]).toEqual([1, 2]);
	});

	it("fails by name", async () => {
		const problem = { y0: Float64Array.of(1), t0: 0, t1: 1, steps: 4 };
		const field = (t: number, y: Float64Array) => (t < 0.5 ? y : Float64Array.of(Number.NaN));
		await expect(solveAdams({ ...problem, field })).rejects.toMatchObject({
			reason: "NON_FINITE_FIELD",
			metadata: { t: "0.5", evaluations: "3" },
		});
		const aborted = { ...problem, field: (_: number, y: Float64Array) => y, signal: AbortSignal.abort() };
		await expect(solveAdams(aborted)).rejects.toMatchObject({ category: "CANCELLED" });
		await expect(solveAdams({ ...problem, field, steps: 0 })).rejects.toThrow(/steps/);
	});
});
