import { ArchgenError } from "@archgen/errors";
import { describe, expect, it, vi } from "vitest";
import type { SolveOptions, StepReport } from "./options.js";
import { solve } from "./solve.js";
import { BOGACKI_SHAMPINE_32, DORMAND_PRINCE_54, HEUN_EULER_21, RK4 } from "./tableaus.js";

const rotation = (_: number, y: Float64Array) => Float64Array.of(y[1]!, -y[0]!);
const oscillator = { field: rotation, y0: Float64Array.of(1, 0), t0: 0, t1: 10 };

async function failureOf(options: SolveOptions<Float64Array>): Promise<ArchgenError> {
	const error = await solve(options).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(ArchgenError);
	return error as ArchgenError;
}

describe("counts", () => {
	it.each([
		DORMAND_PRINCE_54,
		BOGACKI_SHAMPINE_32,
	])("save one evaluation a step with $name", async (tableau) => {
		const field = vi.fn(rotation);
		const solution = await solve({ ...oscillator, field, tableau });
		// Two for the first stage and the first step's size, then one stage less than the tableau has for each attempt.
		const attempts = solution.accepted + solution.rejected;
		expect(solution.evaluations).toBe(2 + (tableau.nodes.length - 1) * attempts);
		expect(field).toHaveBeenCalledTimes(solution.evaluations);
		expect(solution.accepted).toBeGreaterThan(5);
	});

	it("have a fresh first stage for each accepted step without first-same-as-last", async () => {
		const { accepted, rejected, evaluations } = await solve({
			...oscillator,
			tableau: HEUN_EULER_21,
			atol: 1e-3,
			rtol: 1e-3,
			firstStep: 5,
		});
		expect(rejected).toBeGreaterThan(0);
		expect(evaluations).toBe(2 * accepted + rejected);
	});

	it("are stages times steps when steps are fixed", async () => {
		expect(await solve({ ...oscillator, tableau: RK4, steps: 25 })).toMatchObject({
			accepted: 25,
			rejected: 0,
			evaluations: 100,
		});
		expect((await solve({ ...oscillator, steps: 25 })).evaluations).toBe(1 + 6 * 25);
	});

	it("are zero over an empty interval, which returns a copy", async () => {
		const solution = await solve({ ...oscillator, t1: 0 });
		expect(solution).toEqual({ y: oscillator.y0, accepted: 0, rejected: 0, evaluations: 0 });
		expect(solution.y).not.toBe(oscillator.y0);
	});

	it("agree with the reported steps, which join without a gap", async () => {
		const reports: StepReport[] = [];
		const solution = await solve({ ...oscillator, firstStep: 8, onStep: (step) => reports.push(step) });
		const kept = reports.filter((step) => step.accepted);
		expect([kept.length, reports.length - kept.length]).toEqual([solution.accepted, solution.rejected]);
		expect(solution.rejected).toBeGreaterThan(0);
		expect(reports.every((step) => step.accepted === step.error <= 1)).toBe(true);
		kept.slice(1).forEach((step, i) => void expect(step.t).toBe(kept[i]!.t + kept[i]!.h));
		expect(kept.at(-1)!.t + kept.at(-1)!.h).toBeCloseTo(10, 12);
	});
});

describe("the field", () => {
	it("may be asynchronous and may return the same array every time", async () => {
		const shared = new Float64Array(2);
		const field = async (t: number, y: Float64Array) => {
			await Promise.resolve();
			shared.set(rotation(t, y));
			return shared;
		};
		expect((await solve({ ...oscillator, field })).y).toEqual((await solve(oscillator)).y);
	});

	it("sees float32 states, and a large batch gets the steps of one of its equal rows", async () => {
		const dimension = 256;
		const batch = 256;
		const decay = (_: number, y: Float32Array) => {
			expect(y).toBeInstanceOf(Float32Array);
			return y.map((value) => -value);
		};
		const one = await solve({ field: decay, y0: new Float32Array(dimension).fill(2), t0: 0, t1: 1 });
		const many = await solve({ field: decay, y0: new Float32Array(batch * dimension).fill(2), t0: 0, t1: 1 });
		expect(many.y).toBeInstanceOf(Float32Array);
		expect(many.y.every((value) => Math.abs(value - 2 / Math.E) < 1e-5)).toBe(true);
		expect(many.evaluations).toBe(one.evaluations);
	});

	it("does not change y0", async () => {
		const y0 = Float64Array.of(1, 0);
		await solve({ ...oscillator, y0 });
		expect(y0).toEqual(Float64Array.of(1, 0));
	});

	it("passes its own error through", async () => {
		const field = () => Promise.reject(new Error("worker lost"));
		await expect(solve({ ...oscillator, field })).rejects.toThrow("worker lost");
	});

	it("that returns another length is a defect", async () => {
		await expect(solve({ ...oscillator, field: () => new Float64Array(3) })).rejects.toThrow(RangeError);
	});
});

describe("named failures", () => {
	it("TOO_MANY_STEPS on a stiff problem, saying what to change and where it stood", async () => {
		const field = (t: number, y: Float64Array) => Float64Array.of(-1e5 * (y[0]! - Math.cos(t)));
		const error = await failureOf({ field, y0: Float64Array.of(0), t0: 0, t1: 10, maxSteps: 200 });
		expect(error).toMatchObject({ category: "FAILED_PRECONDITION", reason: "TOO_MANY_STEPS" });
		expect(error.message).toMatch(/raise maxSteps/);
		expect(Number(error.metadata.accepted) + Number(error.metadata.rejected)).toBe(200);
		expect(Number(error.metadata.t)).toBeGreaterThan(0);
	});

	it("STEP_UNDERFLOW before a singularity", async () => {
		// y = 1/(1 − t) has a pole at 1; the error in y keeps the steps proportional to the distance from it.
		const field = (_: number, y: Float64Array) => Float64Array.of(y[0]! ** 2);
		const error = await failureOf({ field, y0: Float64Array.of(1), t0: 0, t1: 2, maxSteps: 100_000 });
		expect(error.reason).toBe("STEP_UNDERFLOW");
		expect(error.message).toMatch(/raise rtol and atol/);
		expect(Number(error.metadata.t)).toBeCloseTo(1, 4);
	});

	it("NON_FINITE_FIELD at once where the field is undefined at the start", async () => {
		const field = vi.fn(() => Float64Array.of(Number.NaN));
		const error = await failureOf({ field, y0: Float64Array.of(1), t0: 0, t1: 1 });
		expect(error.reason).toBe("NON_FINITE_FIELD");
		expect(field).toHaveBeenCalledTimes(1);
	});

	it("NON_FINITE_FIELD where the domain ends on the way", async () => {
		const field = (t: number) => Float64Array.of(t < 0.5 ? 1 : Number.POSITIVE_INFINITY);
		const error = await failureOf({ field, y0: Float64Array.of(1), t0: 0, t1: 1 });
		expect(error.reason).toBe("NON_FINITE_FIELD");
		expect(Number(error.metadata.t)).toBeCloseTo(0.5, 10);
	});

	it("NON_FINITE_FIELD when a float32 state overflows under a finite field", async () => {
		const overflowing = { field: () => Float32Array.of(1e38), y0: Float32Array.of(0), t0: 0, t1: 10 };
		await expect(solve({ ...overflowing, steps: 4 })).rejects.toMatchObject({ reason: "NON_FINITE_FIELD" });
		// With error control ever smaller steps creep up to the largest float32 number and never pass it.
		await expect(solve(overflowing)).rejects.toMatchObject({ reason: "TOO_MANY_STEPS" });
	});

	it("none, when a step that was too bold overflows and a smaller one does not", async () => {
		const field = (_: number, y: Float64Array) => Float64Array.of(-(y[0]! ** 3));
		const solution = await solve({ field, y0: Float64Array.of(1e3), t0: 0, t1: 1, firstStep: 1 });
		expect(solution.rejected).toBeGreaterThan(0);
		expect(solution.y[0]).toBeCloseTo(1 / Math.sqrt(1e-6 + 2), 4);
	});
});

describe("options", () => {
	it.each([
		["y0", { y0: new Float64Array(0) }],
		["y0", { y0: Float64Array.of(Number.NaN) }],
		["t1", { t1: Number.POSITIVE_INFINITY }],
		["atol", { atol: 0 }],
		["rtol", { rtol: -1 }],
		["maxSteps", { maxSteps: 0 }],
		["steps", { steps: 1.5 }],
		["steps", { tableau: RK4 }],
		["firstStep", { firstStep: -1 }],
	])("refuse %s in %o", async (field, change) => {
		const error = await failureOf({ ...oscillator, ...change });
		expect(error).toMatchObject({ category: "INVALID_ARGUMENT", violations: [{ field }] });
	});

	it("take undefined for the default", async () => {
		const plain = await solve(oscillator);
		expect(await solve({ ...oscillator, atol: undefined, maxSteps: undefined, tableau: undefined })).toEqual(
			plain,
		);
	});
});

describe("cancellation", () => {
	it("stops a synchronous field from a timer", async () => {
		const abort = new AbortController();
		setTimeout(() => abort.abort(), 5);
		const error = await failureOf({ ...oscillator, t1: 1e9, maxSteps: 1e9, signal: abort.signal });
		expect(error.reason).toBe("CANCELLED");
	});

	it("calls no field when already aborted", async () => {
		const field = vi.fn(rotation);
		expect((await failureOf({ ...oscillator, field, signal: AbortSignal.abort() })).reason).toBe("CANCELLED");
		expect(field).not.toHaveBeenCalled();
	});
});
