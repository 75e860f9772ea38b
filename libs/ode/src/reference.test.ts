import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { solve } from "./solve.js";

const MU = 0.012277471;

/** Restricted three-body problem with a periodic orbit (Hairer, Nørsett and Wanner I, II.0). */
function arenstorf(_: number, y: Float64Array): Float64Array {
	const [x1, x2, v1, v2] = y as unknown as [number, number, number, number];
	const d1 = ((x1 + MU) ** 2 + x2 ** 2) ** 1.5;
	const d2 = ((x1 - (1 - MU)) ** 2 + x2 ** 2) ** 1.5;
	return Float64Array.of(
		v1,
		v2,
		x1 + 2 * v2 - ((1 - MU) * (x1 + MU)) / d1 - (MU * (x1 - (1 - MU))) / d2,
		x2 - 2 * v1 - ((1 - MU) * x2) / d1 - (MU * x2) / d2,
	);
}

function vanDerPol(_: number, y: Float64Array): Float64Array {
	return Float64Array.of(y[1]!, 5 * (1 - y[0]! ** 2) * y[1]! - y[0]!);
}

function lorenz(_: number, y: Float64Array): Float64Array {
	const [a, b, c] = y as unknown as [number, number, number];
	return Float64Array.of(10 * (b - a), a * (28 - c) - b, a * b - (8 / 3) * c);
}

/** Problems of the fixture by name. */
const FIELDS: Record<string, (t: number, y: Float64Array) => Float64Array> = {
	"Arenstorf orbit": arenstorf,
	"van der Pol": vanDerPol,
	Lorenz: lorenz,
};

// Recorded from Hairer's Fortran code DOPRI5 as wrapped by SciPy 1.17.1 (scipy.integrate.ode, atol = rtol, β = 0.04):
// tolerance, accepted steps, attempted steps.
const RECORDED = [
	{
		name: "Arenstorf orbit",
		field: arenstorf,
		y0: [0.994, 0, 0, -2.001585106379082],
		t1: 17.06521656015796,
		runs: [
			[1e-4, 64, 82],
			[1e-7, 216, 240],
			[1e-10, 841, 843],
		],
	},
	{
		name: "van der Pol",
		field: vanDerPol,
		y0: [2, 0],
		t1: 20,
		runs: [
			[1e-4, 111, 133],
			[1e-7, 372, 392],
			[1e-10, 1418, 1421],
		],
	},
	{
		name: "Lorenz",
		field: lorenz,
		y0: [1, 1, 1],
		t1: 5,
		runs: [
			[1e-4, 71, 75],
			[1e-7, 269, 270],
			[1e-10, 1061, 1061],
		],
	},
] as const;

const CASES = RECORDED.flatMap(({ runs, ...problem }) =>
	runs.map(([tolerance, accepted, attempted]) => ({ ...problem, tolerance, accepted, attempted })),
);

describe("DOPRI5 by Hairer", () => {
	it.each(CASES)("takes as many steps for $name at $tolerance", async ({
		field,
		y0,
		t1,
		tolerance,
		...counts
	}) => {
		const control = { atol: tolerance, rtol: tolerance, maxSteps: 10_000 };
		const solution = await solve({ field, y0: Float64Array.from(y0), t0: 0, t1, ...control });
		// One step of leeway: the codes differ in the norm that chooses the first step, and in rounding.
		expect(Math.abs(solution.accepted - counts.accepted)).toBeLessThanOrEqual(1);
		expect(Math.abs(solution.accepted + solution.rejected - counts.attempted)).toBeLessThanOrEqual(2);
	});
});

/** Times of all accepted steps, from the same first step; written by bench/reference. */
interface RecordedSteps {
	readonly problems: readonly {
		readonly name: string;
		readonly y0: number[];
		readonly t1: number;
		readonly firstStep: number;
		readonly runs: readonly {
			readonly tolerance: number;
			readonly times: number[];
			readonly end: number[];
		}[];
	}[];
}

const path = new URL("../fixtures/dopri5.json", import.meta.url);
const { problems } = JSON.parse(readFileSync(path, "utf8")) as RecordedSteps;
const STEP_CASES = problems.flatMap(({ runs, ...problem }) => runs.map((run) => ({ ...problem, ...run })));

describe("DOPRI5 by Hairer from the same first step", () => {
	it.each(STEP_CASES)("accepts the same steps for $name at $tolerance", async ({
		name,
		y0,
		t1,
		firstStep,
		tolerance,
		times,
		end,
	}) => {
		const accepted: number[] = [0];
		const solution = await solve({
			field: FIELDS[name]!,
			y0: Float64Array.from(y0),
			...{ t0: 0, t1, firstStep, atol: tolerance, rtol: tolerance, maxSteps: 10_000 },
			onStep: (step) => step.accepted && accepted.push(step.t + step.h),
		});
		expect(accepted).toHaveLength(times.length);
		accepted.forEach((t, i) => void expect(Math.abs(t - times[i]!)).toBeLessThan(1e-6));
		solution.y.forEach((value, i) => void expect(Math.abs(value - end[i]!)).toBeLessThan(1e-8));
	});
});
