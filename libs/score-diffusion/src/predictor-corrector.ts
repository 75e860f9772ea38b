import { throwIfAborted } from "@archgen/errors";
import { fillNormal, type Random } from "@archgen/random";
import { langevinStep } from "./langevin.js";
import type { SamplingProblem } from "./score-function.js";
import { diffusionSquared, samplingTimes, sigmaAt, type VarianceExplodingSde } from "./sde.js";

/** One step of the reverse process: what the score and fresh noise are multiplied by. */
interface ReverseStep {
	/** Of the score. */
	readonly drift: number;
	/** Of the noise. */
	readonly spread: number;
}

/** Discretisations of the reverse process dx = −g² s dt + g dw̄ from t to an earlier time; the noise ends at σ = 0. */
const REVERSE = {
	/** Song et al. (2021), appendix E: the discrete process that adds σ² − σ′² reversed. */
	"reverse-diffusion": (sde: VarianceExplodingSde, t: number, next: number | undefined): ReverseStep => {
		const removed = sigmaAt(sde, t) ** 2 - (next === undefined ? 0 : sigmaAt(sde, next) ** 2);
		return { drift: removed, spread: Math.sqrt(removed) };
	},
	"euler-maruyama": (sde: VarianceExplodingSde, t: number, next: number | undefined): ReverseStep => {
		if (next === undefined) return REVERSE["reverse-diffusion"](sde, t, next);
		const variance = diffusionSquared(sde, t) * (t - next);
		return { drift: variance, spread: Math.sqrt(variance) };
	},
} as const;

export type ReverseMethod = keyof typeof REVERSE;

export interface PredictorCorrectorOptions {
	/** Noise levels, published 1,000; two evaluations of the score each. */
	readonly steps: number;
	/** Of the Langevin corrector, published 0.16; 0 leaves it out. */
	readonly signalToNoise: number;
	/** Default "reverse-diffusion". */
	readonly predictor: ReverseMethod;
}

/**
 * Ancestral sampling of the reverse process with a Langevin step before each of its steps (Song et al. 2021, algorithms 2 and 4, corrector
 * first as published by DiffusionNAG). The last step adds no noise.
 *
 * @returns states at σ = 0, flat
 */
export async function predictorCorrector(
	{ score, start, rows, signal }: SamplingProblem,
	sde: VarianceExplodingSde,
	{ steps, signalToNoise, predictor }: PredictorCorrectorOptions,
	random: Random,
): Promise<Float32Array> {
	const x = start.slice();
	const times = samplingTimes(steps);
	for (const [i, t] of times.entries()) {
		throwIfAborted(signal);
		const sigma = sigmaAt(sde, t);
		if (signalToNoise > 0) langevinStep(x, await score(x, sigma), rows, signalToNoise, random);
		const { drift, spread } = REVERSE[predictor](sde, t, times[i + 1]);
		const slope = await score(x, sigma);
		const noise = fillNormal(random, new Float32Array(x.length));
		const kept = i + 1 < times.length ? spread : 0;
		for (let k = 0; k < x.length; k++) x[k]! += drift * slope[k]! + kept * noise[k]!;
	}
	return x;
}
