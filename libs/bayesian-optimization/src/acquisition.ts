import type { Random } from "@archgen/random";
import { normalDensity, normalDistribution } from "./normal.js";

/** What a surrogate says of a candidate: its value is normally distributed. */
export interface Belief {
	readonly mean: number;
	/** Standard deviation, at least 0. */
	readonly sd: number;
}

/** What an acquisition function knows besides the belief. */
export interface AcquisitionContext {
	/** Largest value that was evaluated. */
	readonly best: number;
	/** Standard deviations that `ucb` adds to the mean. */
	readonly beta: number;
	/** Noise of `its`. */
	readonly random: Random;
}

/** Worth of evaluating a candidate; the largest is evaluated next. */
export type Acquisition = (belief: Belief, context: AcquisitionContext) => number;

/** Acquisition functions of equations 23 to 26 of DiffusionNAG (after Neiswanger et al. 2019), for values to be maximised. */
export const ACQUISITIONS = {
	/** Probability of improvement, P(y > best). */
	pi: ({ mean, sd }, { best }) => (sd > 0 ? normalDistribution((mean - best) / sd) : Number(mean > best)),
	/** Expected improvement, E max(y − best, 0). */
	ei: ({ mean, sd }, { best }) => {
		if (!(sd > 0)) return Math.max(mean - best, 0);
		const z = (mean - best) / sd;
		return (mean - best) * normalDistribution(z) + sd * normalDensity(z);
	},
	/** Independent Thompson sampling: a draw of y. */
	its: ({ mean, sd }, { random }) => mean + sd * random.normal(),
	/** Upper confidence bound, mean + β sd. */
	ucb: ({ mean, sd }, { beta }) => mean + beta * sd,
} as const satisfies Readonly<Record<string, Acquisition>>;

export type AcquisitionName = keyof typeof ACQUISITIONS;

/** Names of all acquisition functions. */
export const ACQUISITION_NAMES = Object.keys(ACQUISITIONS) as readonly AcquisitionName[];
