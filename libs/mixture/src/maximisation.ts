import { floorCovariance } from "./covariance.js";
import type { Mixture } from "./mixture.js";
import type { Moments } from "./moments.js";

/** A component with less mass than this, in samples, has no moments worth estimating and keeps its shape. */
const EMPTY = 1e-9;

/**
 * The mixture with the given moments (M step). Components without mass keep mean and covariance of `previous`, which
 * leaves the likelihood's bound where it was.
 */
export function mixtureOf(moments: Moments, previous: Mixture, floor: number): Mixture {
	const total = moments.masses.reduce((sum, mass) => sum + mass, 0);
	const isEmpty = (k: number) => moments.masses[k]! < EMPTY;
	return {
		dimension: previous.dimension,
		weights: Array.from(moments.masses, (mass) => mass / total),
		means: previous.means.map((mean, k) => (isEmpty(k) ? mean : moments.mean(k))),
		covariances: previous.covariances.map((covariance, k) =>
			isEmpty(k) ? covariance : floorCovariance(moments.covariance(k), floor).to2DArray(),
		),
	};
}
