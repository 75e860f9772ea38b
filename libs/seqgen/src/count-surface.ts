import { COUNT_NAMES, type CountVector } from "./count-vector.js";

/** Exact counts as a function of two channel numbers, both multiples of 8. */
export type CountSurface = (x: number, y: number) => CountVector;

const STEP = 8;

/**
 * Counts of layers at fixed resolution are polynomials of total degree 2 in the channel numbers on either side, so six
 * exact counts give all the others by Newton's forward interpolation:
 *
 * P(u, v) = P₀₀ + u Δu + v Δv + u(u−1)/2 Δuu + u v Δuv + v(v−1)/2 Δvv
 *
 * with u = x/8 − 4, v = y/8 − 1. The six points have x > y, so that none of them meets the special case x = y. All
 * numbers are integers below 2⁵³: the result is exact.
 */
export function fitCountSurface(count: CountSurface): CountSurface {
	const at = (u: number, v: number) => count((u + 4) * STEP, (v + 1) * STEP);
	const points = [at(0, 0), at(1, 0), at(2, 0), at(0, 1), at(0, 2), at(1, 1)];
	const [parameters, macs, flops] = COUNT_NAMES.map((name) =>
		interpolant(points.map((point) => point[name])),
	);
	return (x, y) => {
		const [u, v] = [x / STEP - 4, y / STEP - 1];
		return { parameterCount: parameters!(u, v), macCount: macs!(u, v), flopCount: flops!(u, v) };
	};
}

/** The polynomial through values at (u, v) = (0,0), (1,0), (2,0), (0,1), (0,2), (1,1). */
function interpolant(values: readonly number[]): (u: number, v: number) => number {
	const [p00, p10, p20, p01, p02, p11] = values as [number, number, number, number, number, number];
	const [du, dv] = [p10 - p00, p01 - p00];
	const [duu, dvv, duv] = [p20 - p10 - du, p02 - p01 - dv, p11 - p01 - du];
	return (u, v) =>
		p00 + u * du + v * dv + ((u * (u - 1)) / 2) * duu + u * v * duv + ((v * (v - 1)) / 2) * dvv;
}
