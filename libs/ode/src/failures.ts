import { ArchgenError } from "@archgen/errors";

/** How an integration ends without reaching t1. */
export type SolveFailure = "STEP_UNDERFLOW" | "TOO_MANY_STEPS" | "NON_FINITE_FIELD";

/** Where an integration stood; becomes the error's metadata. */
export interface Progress {
	readonly t: number;
	readonly h: number;
	readonly accepted: number;
	readonly rejected: number;
	readonly evaluations: number;
}

const ADVICE: { readonly [F in SolveFailure]: string } = {
	STEP_UNDERFLOW:
		"the step became too small to change the time: the field is too steep or jumps there; raise rtol and atol, smooth the field, or stop before this time",
	TOO_MANY_STEPS:
		"the allowed number of steps was used up: raise maxSteps, or raise rtol and atol, or shorten the interval (a stiff field needs an implicit method, which this package does not have)",
	NON_FINITE_FIELD:
		"the field or the solution is infinite or not a number: check the state, weights and inputs for overflow, or take smaller steps (firstStep, steps)",
};

/** The named failure of an integration: FAILED_PRECONDITION whose message says what to change. */
export function solveFailure(reason: SolveFailure, progress: Progress): ArchgenError {
	const { t, h, accepted, rejected } = progress;
	const metadata = Object.fromEntries(Object.entries(progress).map(([key, value]) => [key, String(value)]));
	const where = `Integration stopped at t = ${t} with step ${h} after ${accepted} accepted and ${rejected} rejected steps`;
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason,
		message: `${where}; ${ADVICE[reason]}.`,
		metadata,
	});
}
