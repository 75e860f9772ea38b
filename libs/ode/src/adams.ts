import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { allFinite, evaluate } from "./evaluate.js";
import { solveFailure } from "./failures.js";
import { checkOptions, type SolveOptions, type State } from "./options.js";
import type { Solution } from "./solve.js";
import { WeightedSum } from "./weighted-sum.js";

/** Weights of f at the newest time known and at those before it, in units of the step. */
type Weights = readonly number[];

/** Adams–Bashforth of order 1, 2, 3: from fₙ, fₙ₋₁, fₙ₋₂ to the next state. */
export const PREDICTORS: readonly Weights[] = [[1], [3 / 2, -1 / 2], [23 / 12, -16 / 12, 5 / 12]];

/** Adams–Moulton of order 2, 3, 4: the same with fₙ₊₁ in front. */
export const CORRECTORS: readonly Weights[] = [
	[1 / 2, 1 / 2],
	[5 / 12, 8 / 12, -1 / 12],
	[9 / 24, 19 / 24, -5 / 24, 1 / 24],
];

/** The orders that can be used after a number of steps: a first step knows one f, the second two. */
function ofOrder(weights: readonly Weights[], known: number): Weights {
	return weights[Math.min(known, weights.length) - 1]!;
}

/** A problem in equal steps; see {@link SolveOptions}. */
export type AdamsOptions<S extends State> = Pick<SolveOptions<S>, "field" | "y0" | "t0" | "t1" | "signal"> & {
	/** Equal steps, each with one evaluation of the field. */
	readonly steps: number;
};

/**
 * Integrates y′ = f(t, y) in equal steps of the Adams–Bashforth–Moulton method in PEC mode (Hairer, Nørsett and Wanner I, III.1): predict by order
 * 3, evaluate there, correct by order 4, and go on from the corrected state with the f of the predicted one. A step costs one evaluation, where a
 * Runge–Kutta step of such order costs three or four; it starts with orders 1 and 2 and ends with a prediction. Order 3 on the whole.
 *
 * There is no error control: the field must be smooth over a step.
 *
 * @throws ArchgenError INVALID_FIELD for unusable options, CANCELLED, NON_FINITE_FIELD
 */
export async function solveAdams<S extends State>(options: AdamsOptions<S>): Promise<Solution<S>> {
	const { y0, t0, t1 } = checkOptions(options);
	const { steps } = options;
	const h = (t1 - t0) / steps;
	const sum = new WeightedSum();
	const corrected = y0.slice() as S;
	const predicted = y0.slice() as S;
	// f at the newest time first; the oldest array takes the next f
	const known: S[] = [];
	for (let step = 0; step < steps; step++) {
		const t = t0 + step * h;
		const f = known.length === CORRECTORS.length + 1 ? known.pop()! : (y0.slice() as S);
		const finite = await evaluate(options, t, predicted, f);
		known.unshift(f);
		if (step > 0) sum.combine(corrected, corrected, h, ofOrder(CORRECTORS, known.length - 1), known);
		sum.combine(predicted, corrected, h, ofOrder(PREDICTORS, known.length), known);
		if (!finite || !allFinite(predicted)) {
			throw solveFailure("NON_FINITE_FIELD", { t, h, accepted: step, rejected: 0, evaluations: step + 1 });
		}
		await turnOfEventLoop();
	}
	return { y: predicted, accepted: steps, rejected: 0, evaluations: steps };
}
