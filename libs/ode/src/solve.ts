import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { throwIfAborted } from "@archgen/errors";
import { solveFailure } from "./failures.js";
import { initialStep } from "./initial-step.js";
import { checkOptions, type Problem, type SolveOptions, type State } from "./options.js";
import { StepControl } from "./step-control.js";
import { Stepper } from "./stepper.js";

export interface Solution<S extends State> {
	/** State at t1, a new array of y0's type and length. */
	readonly y: S;
	/** Steps that were kept. */
	readonly accepted: number;
	/** Steps that were tried again with a smaller size. */
	readonly rejected: number;
	/** Calls of the field, including those of rejected steps and of the choice of the first step. */
	readonly evaluations: number;
}

/**
 * Integrates y′ = f(t, y) from t0 to t1, forwards or backwards.
 *
 * With error control (the default) each step's estimated error stays below atol + rtol·|y| in the root mean square over
 * all components; with `steps` the steps are equal. The event loop gets a turn after every step, so that `signal`
 * works with a synchronous field too.
 *
 * @throws ArchgenError INVALID_FIELD for unusable options, CANCELLED, and the named failures STEP_UNDERFLOW,
 *   TOO_MANY_STEPS and NON_FINITE_FIELD, whose metadata tells t, h and the counts
 */
export async function solve<S extends State>(options: SolveOptions<S>): Promise<Solution<S>> {
	const problem = checkOptions(options);
	throwIfAborted(problem.signal);
	const stepper = new Stepper(problem);
	if (problem.t0 === problem.t1) return { y: stepper.y, accepted: 0, rejected: 0, evaluations: 0 };
	const counts = problem.steps
		? await withFixedSteps(problem, stepper, problem.steps)
		: await withErrorControl(problem, stepper);
	return { y: stepper.y, ...counts, evaluations: stepper.evaluations };
}

interface StepCounts {
	accepted: number;
	rejected: number;
}

async function withFixedSteps<S extends State>(
	{ t0, t1, onStep }: Problem<S>,
	stepper: Stepper<S>,
	steps: number,
): Promise<StepCounts> {
	const h = (t1 - t0) / steps;
	for (let i = 0; i < steps; i++) {
		const t = t0 + i * h;
		if (!(await stepper.attempt(t, h))) {
			const { evaluations } = stepper;
			throw solveFailure("NON_FINITE_FIELD", { t, h, accepted: i, rejected: 0, evaluations });
		}
		stepper.accept();
		onStep?.({ t, h, error: 0, accepted: true });
		await turnOfEventLoop();
	}
	return { accepted: steps, rejected: 0 };
}

async function withErrorControl<S extends State>(
	problem: Problem<S>,
	stepper: Stepper<S>,
): Promise<StepCounts> {
	const { t0, t1, tableau, maxSteps, onStep } = problem;
	const q = Math.min(tableau.order, tableau.embedded!.order) + 1;
	const control = new StepControl(q);
	const counts: StepCounts = { accepted: 0, rejected: 0 };
	let t = t0;
	let h = 0;
	const fail = (reason: Parameters<typeof solveFailure>[0]) =>
		solveFailure(reason, { t, h, ...counts, evaluations: stepper.evaluations });

	if (!(await stepper.prepare(t))) throw fail("NON_FINITE_FIELD");
	h = Math.sign(t1 - t0) * (problem.firstStep ?? (await initialStep(stepper, t0, t1 - t0, q)));
	let error = 0;
	while (t !== t1) {
		if (counts.accepted + counts.rejected >= maxSteps) throw fail("TOO_MANY_STEPS");
		const least = leastStep(t);
		if (Math.abs(h) < least) {
			// Only a step that was refused is a failure; a first guess may be small beside t, and error control takes it up again.
			// Steps that only shrink because the field stays infinite are that failure, not a stiff problem.
			if (error > 1) throw fail(error === Number.POSITIVE_INFINITY ? "NON_FINITE_FIELD" : "STEP_UNDERFLOW");
			h = Math.sign(t1 - t0) * least;
		}
		// A last step of up to 1 % more spares a sliver of a step behind it.
		const isLast = Math.abs(1.01 * h) >= Math.abs(t1 - t);
		if (isLast) h = t1 - t;
		error = (await stepper.attempt(t, h)) ? stepper.error(h) : Number.POSITIVE_INFINITY;
		const accepted = error <= 1;
		onStep?.({ t, h, error, accepted });
		if (accepted) {
			stepper.accept();
			counts.accepted++;
			t = isLast ? t1 : t + h;
		} else counts.rejected++;
		h *= control.factor(error);
		await turnOfEventLoop();
	}
	return counts;
}

/** Ten roundings of the time itself: a shorter step does not move it. At t = 0 there is no such bound, so any positive step will do. */
function leastStep(t: number): number {
	return Math.max(10 * Number.EPSILON * Math.abs(t), Number.MIN_VALUE);
}
