import { vectorPass } from "../vector/vector-pass.js";

/**
 * Decay of the moving average after a step: min(most, (1 + n) / (10 + n)), so that an average that begins at the initial parameters forgets them
 * within tens of steps.
 *
 * @param step completed steps n, from 1 on
 * @param most default 0: the average is the newest parameters
 */
export function averageDecay(step: number, most = 0): number {
	return Math.min(most, (1 + step) / (10 + step));
}

/** One step of the exponential moving average: θ̄ ← dθ̄ + (1 − d)θ. */
export const averagePass = vectorPass({
	arrays: ["average", "parameters"],
	scalars: ["decay", "rest"],
	results: [["average", ["add", ["mul", "average", "decay"], ["mul", "parameters", "rest"]]]],
});
