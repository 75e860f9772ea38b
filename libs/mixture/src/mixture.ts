/**
 * A mixture of K multivariate normal distributions, p(x) = Σₖ wₖ N(x; μₖ, Σₖ), as plain data. Treat it as immutable: the
 * factorised covariances are remembered per object.
 */
export interface Mixture {
	/** d, values a point. */
	readonly dimension: number;
	/** w, [K], at least 0, sum 1. */
	readonly weights: readonly number[];
	/** μ, [K, d]. */
	readonly means: readonly (readonly number[])[];
	/** Σ, [K, d, d], symmetric positive definite. */
	readonly covariances: readonly (readonly (readonly number[])[])[];
}
