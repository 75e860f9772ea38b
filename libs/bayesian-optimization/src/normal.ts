const TERMS = 60;
/** Below, the series converges within {@link TERMS}; above, the continued fraction does. */
const SERIES_END = 3;

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
	return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Distribution function Φ of the standard normal distribution, with a relative error near 1e-13 also far below the mean, where acquisition
 * functions compare tiny probabilities.
 *
 * Near zero by the series Φ(z) − ½ = φ(z) Σ z^(2k+1) / (2k+1)!!, beyond by Laplace's continued fraction of (1 − Φ(z)) / φ(z).
 */
export function normalDistribution(z: number): number {
	if (z < -SERIES_END) return upperTail(-z);
	if (z > SERIES_END) return 1 - upperTail(z);
	let term = z;
	let sum = z;
	for (let k = 1; k < TERMS; k++) {
		term *= (z * z) / (2 * k + 1);
		sum += term;
	}
	return 0.5 + normalDensity(z) * sum;
}

function upperTail(z: number): number {
	let fraction = z;
	for (let k = TERMS; k > 0; k--) fraction = z + k / fraction;
	return normalDensity(z) / fraction;
}
