import { fillNormal, type Random } from "@archgen/random";

/**
 * The variance-exploding process of Song et al. (2021): x_t = x₀ + σ(t) ε with σ(t) = σmin (σmax/σmin)^t for t in (0, 1]. It is the solution of
 * dx = g(t) dw with g(t) = σ(t) √(2 ln(σmax/σmin)), begun with noise of σmin.
 */
export interface VarianceExplodingSde {
	/** Noise at t = 0, default 0.1. */
	readonly sigmaMin: number;
	/** Noise at t = 1, default 5. */
	readonly sigmaMax: number;
}

/** The published noise levels for operations scaled to ±1. */
export const SDE: VarianceExplodingSde = { sigmaMin: 0.1, sigmaMax: 5 };

/** Earliest time that is trained on and sampled to. */
export const FIRST_TIME = 1e-5;

/** ln(σmax/σmin), the slope of ln σ over t. */
function logRatio({ sigmaMin, sigmaMax }: VarianceExplodingSde): number {
	return Math.log(sigmaMax / sigmaMin);
}

/** σ(t) */
export function sigmaAt(sde: VarianceExplodingSde, t: number): number {
	return sde.sigmaMin * Math.exp(t * logRatio(sde));
}

/** g(t)² */
export function diffusionSquared(sde: VarianceExplodingSde, t: number): number {
	return 2 * logRatio(sde) * sigmaAt(sde, t) ** 2;
}

/** A draw of the prior N(0, σmax²), flat. */
export function priorSample(sde: VarianceExplodingSde, length: number, random: Random): Float32Array {
	return fillNormal(random, new Float32Array(length)).map((noise) => sde.sigmaMax * noise);
}

/**
 * `steps` times from 1 down to {@link FIRST_TIME}, both included, at equal distances: equal distances of ln σ.
 *
 * @param steps at least 2
 */
export function samplingTimes(steps: number): Float64Array {
	return Float64Array.from({ length: steps }, (_, i) => 1 + (i * (FIRST_TIME - 1)) / (steps - 1));
}
