/**
 * ∇ₓ ln p_σ(x) of each row.
 *
 * @param x states, flat [rows, …]; read, neither change nor keep it
 * @param sigma the noise level of all rows
 */
export type ScoreFunction = (x: Float32Array, sigma: number) => Float32Array | Promise<Float32Array>;

/** States to be carried from noise to data. */
export interface SamplingProblem {
	readonly score: ScoreFunction;
	/** A draw of the prior at t = 1, flat [rows, …]. */
	readonly start: Float32Array;
	readonly rows: number;
	readonly signal?: AbortSignal;
}
