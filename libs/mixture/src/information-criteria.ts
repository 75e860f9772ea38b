import { meanLogLikelihood } from "./density.js";
import type { Mixture } from "./mixture.js";
import type { Samples } from "./samples.js";

/** Free parameters of a full-covariance mixture: K − 1 weights, Kd means, Kd(d + 1)/2 covariances. */
function freeParameterCount(components: number, dimension: number): number {
	return components - 1 + components * dimension + (components * dimension * (dimension + 1)) / 2;
}

/** Bayesian information criterion, −2 ln L + p ln n (Schwarz 1978); lower is better. */
export function bic(mixture: Mixture, samples: Samples): number {
	const count = sampleCount(mixture, samples);
	return penalised(mixture, meanLogLikelihood(mixture, samples), count, Math.log(count));
}

/** Akaike's information criterion, −2 ln L + 2p (Akaike 1974); lower is better. */
export function aic(mixture: Mixture, samples: Samples): number {
	return penalised(mixture, meanLogLikelihood(mixture, samples), sampleCount(mixture, samples), 2);
}

/** −2 n · logLikelihood + penalty · p, where logLikelihood is per sample. */
export function penalised(mixture: Mixture, logLikelihood: number, count: number, penalty: number): number {
	return -2 * count * logLikelihood + penalty * freeParameterCount(mixture.weights.length, mixture.dimension);
}

function sampleCount({ dimension }: Mixture, samples: Samples): number {
	return samples instanceof Float64Array ? samples.length / dimension : samples.length;
}
