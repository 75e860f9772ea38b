/**
 * Proportional–integral step control of Hairer, Nørsett and Wanner (dopri5; Solving ODEs II, IV.2, eq. 2.43c):
 *
 *     h⁺ = h · safety · err^−α · errPrevious^β,   β = 0.2/q, α = 1/q − ¾β,
 *
 * where q is one more than the lower order of the pair (β = 0.04 for a 5(4) pair). The factor stays within
 * [0.2, 10]; a rejected step drops the integral part and is never followed by a larger one.
 */
export class StepControl {
	readonly #alpha: number;
	readonly #beta: number;
	#previousError = 1e-4;
	#justRejected = false;

	constructor(q: number) {
		this.#beta = 0.2 / q;
		this.#alpha = 1 / q - 0.75 * this.#beta;
	}

	/** What to multiply the step by after an attempt with this scaled error; the attempt is accepted when error ≤ 1. */
	factor(error: number): number {
		const proportional = SAFETY * error ** -this.#alpha;
		if (error > 1) {
			this.#justRejected = true;
			return clamp(proportional, SMALLEST, 1);
		}
		const factor = clamp(
			proportional * this.#previousError ** this.#beta,
			SMALLEST,
			this.#justRejected ? 1 : LARGEST,
		);
		// An accidentally tiny error must not freeze the next steps.
		this.#previousError = Math.max(error, 1e-4);
		this.#justRejected = false;
		return factor;
	}
}

const SAFETY = 0.9;
const SMALLEST = 0.2;
const LARGEST = 10;

function clamp(value: number, low: number, high: number): number {
	return Math.min(high, Math.max(low, value));
}
