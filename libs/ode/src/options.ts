import { invalidArgument } from "@archgen/errors";
import type { Tableau } from "./tableau.js";
import { DORMAND_PRINCE_54 } from "./tableaus.js";

/** A flat state of any layout, e.g. [batch, dim]; its precision is that of the whole integration's storage. */
export type State = Float32Array | Float64Array;

/**
 * The right-hand side f(t, y) of y′ = f(t, y), computed here or elsewhere (then it returns a promise).
 *
 * `y` is a buffer of the solver: read it, neither change, keep nor transfer it. The returned array has y's length; it is
 * copied at once, so the field may return the same array every time.
 */
export type Field<S extends State> = (t: number, y: S) => State | Promise<State>;

/** One attempted step, as told to `onStep`. */
export interface StepReport {
	/** Time at the start of the step. */
	readonly t: number;
	/** Signed size of the step. */
	readonly h: number;
	/** Scaled error estimate, at most 1 when accepted, infinite where the field was not finite; 0 with fixed steps. */
	readonly error: number;
	readonly accepted: boolean;
}

export interface SolveOptions<S extends State> {
	readonly field: Field<S>;
	/** State at t0; is not changed. */
	readonly y0: S;
	readonly t0: number;
	/** End time; may lie before t0. */
	readonly t1: number;
	/** Default Dormand–Prince 5(4). */
	readonly tableau?: Tableau;
	/** Absolute error allowed in a step, default 1e-5. */
	readonly atol?: number;
	/** Error allowed in a step relative to |y|, default 1e-5. */
	readonly rtol?: number;
	/** Most attempted steps (accepted and rejected) of adaptive control, default 1000. */
	readonly maxSteps?: number;
	/** Size of the first adaptive step; chosen from the field by default, at the price of one evaluation. */
	readonly firstStep?: number;
	/** Take exactly this many equal steps without error control; required for a tableau without error estimate. */
	readonly steps?: number;
	readonly signal?: AbortSignal;
	readonly onStep?: (step: StepReport) => void;
}

/** The options with every default filled in. */
export interface Problem<S extends State> extends SolveOptions<S> {
	readonly tableau: Tableau;
	readonly atol: number;
	readonly rtol: number;
	readonly maxSteps: number;
}

/** Fills in the defaults and refuses what no integration can start from. */
export function checkOptions<S extends State>(options: SolveOptions<S>): Problem<S> {
	const problem = {
		tableau: DORMAND_PRINCE_54,
		atol: 1e-5,
		rtol: 1e-5,
		maxSteps: 1000,
		...definedOnly(options),
	};
	const { y0, tableau, steps } = problem;
	require(y0.length > 0 && y0.every(Number.isFinite), "y0", "must be a non-empty array of finite numbers");
	require(Number.isFinite(problem.t0), "t0", "must be a finite number");
	require(Number.isFinite(problem.t1), "t1", "must be a finite number");
	require(Number.isFinite(problem.t1 - problem.t0), "t1", "must be within the largest number of t0");
	require(isPositive(problem.atol), "atol", "must be greater than 0");
	require(problem.rtol >= 0 && problem.rtol < Number.POSITIVE_INFINITY, "rtol", "must be at least 0");
	require(isCount(problem.maxSteps), "maxSteps", "must be a whole number of at least 1");
	require(problem.firstStep === undefined ||
		isPositive(problem.firstStep), "firstStep", "must be greater than 0");
	require(steps === undefined || isCount(steps), "steps", "must be a whole number of at least 1");
	require(steps !== undefined ||
		tableau.embedded !== undefined, "steps", `is required for ${tableau.name}, which has no error estimate`);
	return problem;
}

/** Drops keys that are present but undefined, so that they do not hide a default. */
function definedOnly<T extends object>(options: T): T {
	return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function require(condition: boolean, field: string, description: string): void {
	if (!condition) throw invalidArgument(field, description);
}

function isPositive(value: number): boolean {
	return value > 0 && value < Number.POSITIVE_INFINITY;
}

function isCount(value: number): boolean {
	return Number.isSafeInteger(value) && value >= 1;
}
