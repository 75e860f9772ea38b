import type { Random } from "@archgen/random";

/**
 * The forward process of one categorical variable: from time s to t it keeps its class with probability ᾱ(t)/ᾱ(s), or else is drawn anew from the
 * marginal distribution m of the data (Vignac et al. 2023, section 4.1):
 *
 *     Q_{t|s} = ᾱ(t)/ᾱ(s) I + (1 − ᾱ(t)/ᾱ(s)) 1 mᵀ.
 *
 * Its steady state is m, and Q_{u|t} applied after Q_{t|s} is Q_{u|s}.
 *
 * @param kept probability of keeping the class
 * @returns q(x_t | x_s = from)
 */
export function transition(from: number, kept: number, marginal: readonly number[]): number[] {
	return marginal.map((m, to) => (to === from ? kept : 0) + (1 - kept) * m);
}

/** The two times of a reverse step by their ᾱ: s, which is sought, before t, which is known. */
export interface ReverseTimes {
	/** ᾱ(s) */
	readonly earlier: number;
	/** ᾱ(t), below ᾱ(s) */
	readonly later: number;
}

/**
 * q(x_s | x_t, x_0) for one class of x_0 by Bayes' rule: q(x_t | x_s) q(x_s | x_0) / q(x_t | x_0).
 *
 * @returns undefined where x_t cannot come from x_0
 */
export function posterior(
	xt: number,
	x0: number,
	{ earlier, later }: ReverseTimes,
	marginal: readonly number[],
): number[] | undefined {
	const joint = transition(x0, earlier, marginal).map(
		(prior, xs) => prior * transition(xs, later / earlier, marginal)[xt]!,
	);
	const evidence = joint.reduce((sum, value) => sum + value, 0);
	return evidence > 0 ? joint.map((value) => value / evidence) : undefined;
}

/** {@link posterior} by x_t and x_0. */
export type Posteriors = readonly (readonly (readonly number[] | undefined)[])[];

/** The posteriors of all classes, which every variable of one kind shares in a step. */
export function posteriors(times: ReverseTimes, marginal: readonly number[]): Posteriors {
	return marginal.map((_, xt) => marginal.map((_, x0) => posterior(xt, x0, times, marginal)));
}

/**
 * The reverse step p(x_s | x_t) = Σ_{x_0} p(x_0 | x_t) q(x_s | x_t, x_0), where s may be any earlier time and not the one before alone.
 *
 * @param estimate p(x_0 | x_t)
 */
export function reverseStep(xt: number, estimate: readonly number[], known: Posteriors): number[] {
	const sum = new Array<number>(estimate.length).fill(0);
	estimate.forEach((weight, x0) => {
		known[xt]![x0]?.forEach((value, xs) => {
			sum[xs]! += weight * value;
		});
	});
	return sum;
}

/** A class drawn from probabilities that need not add up to 1. */
export function drawClass(probabilities: ArrayLike<number>, random: Random): number {
	let total = 0;
	for (let k = 0; k < probabilities.length; k++) total += probabilities[k]!;
	let left = random.uniform() * total;
	for (let k = 0; k < probabilities.length - 1; k++) {
		left -= probabilities[k]!;
		if (left < 0) return k;
	}
	return probabilities.length - 1;
}
