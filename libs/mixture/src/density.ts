import { invalidArgument } from "@archgen/errors";
import type { Mixture } from "./mixture.js";
import { BLOCK, type PackedMixture, pack } from "./packed-mixture.js";
import { packSamples, type Samples } from "./samples.js";

/**
 * ln p(x), without underflow however far x lies from every mean.
 *
 * @param x point, [d]
 * @throws ArchgenError INVALID_POINT for a wrong length, a value that is not finite or a distance that overflows
 */
export function logDensity(mixture: Mixture, x: ArrayLike<number>): number {
	return evaluate(mixture, x).logDensities[0]!;
}

/** p(k | x) of every component, [K]; sums to 1, shares below e⁻⁴⁰ of the largest are 0. Throws as `logDensity`. */
export function responsibilities(mixture: Mixture, x: ArrayLike<number>): number[] {
	const { components, shares } = evaluate(mixture, x);
	return Array.from({ length: components }, (_, k) => shares[k * BLOCK]!);
}

/** Index of the component that most likely produced x; the first one of equals. Throws as `logDensity`. */
export function assign(mixture: Mixture, x: ArrayLike<number>): number {
	return responsibilities(mixture, x).reduce((best, share, k, all) => (share > all[best]! ? k : best), 0);
}

/** Mean of ln p(x) over samples, [n, d]. Throws INVALID_SAMPLES. */
export function meanLogLikelihood(mixture: Mixture, samples: Samples): number {
	const { data, count, dimension } = packSamples(samples, mixture.dimension);
	const model = pack(mixture);
	let sum = 0;
	for (let start = 0; start < count; start += BLOCK) {
		const points = Math.min(BLOCK, count - start);
		model.evaluate(data, start * dimension, points);
		for (let n = 0; n < points; n++) sum += model.logDensities[n]!;
	}
	return sum / count;
}

function evaluate(mixture: Mixture, x: ArrayLike<number>): PackedMixture {
	checkPoint(x, mixture.dimension);
	const model = pack(mixture);
	model.evaluate(x, 0, 1);
	if (!Number.isFinite(model.logDensities[0])) {
		throw invalidArgument(
			"x",
			"lies so far from every component that its distance overflows",
			"INVALID_POINT",
		);
	}
	return model;
}

function checkPoint(x: ArrayLike<number>, dimension: number): void {
	if (x.length !== dimension) {
		throw invalidArgument("x", `must have ${dimension} values, not ${x.length}`, "INVALID_POINT");
	}
	for (let i = 0; i < dimension; i++) {
		if (!Number.isFinite(x[i])) throw invalidArgument(`x[${i}]`, "must be a finite number", "INVALID_POINT");
	}
}
