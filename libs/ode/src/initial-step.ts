import type { State } from "./options.js";
import type { Stepper } from "./stepper.js";

/**
 * Size of the first step, unsigned (Hairer, Nørsett and Wanner I, II.4): a step for which an explicit Euler step would
 * change the state by 1 % of its tolerance-scaled size, corrected by an estimate of the second derivative.
 *
 * @param stepper with its first stage prepared at t
 * @param span signed length of the interval
 * @param q one more than the lower order of the pair
 */
export async function initialStep<S extends State>(
	stepper: Stepper<S>,
	t: number,
	span: number,
	q: number,
): Promise<number> {
	const norms = await stepper.derivativeNorms(t);
	const guess = norms.y < 1e-5 || norms.f < 1e-5 ? 1e-6 : 0.01 * (norms.y / norms.f);
	const h0 = Math.min(guess, Math.abs(span));
	const second = await norms.along(Math.sign(span) * h0);
	const steepest = Math.max(norms.f, second);
	const h1 = steepest <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : (0.01 / steepest) ** (1 / q);
	// A field that is not finite one Euler step ahead gives h1 = 0: then the guess itself was too long.
	return Math.min(h1 > 0 ? Math.min(100 * h0, h1) : h0 / 100, Math.abs(span));
}
