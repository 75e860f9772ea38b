import { type Field, solve, solveAdams } from "@archgen/ode";
import type { SamplingProblem } from "./score-function.js";
import { diffusionSquared, FIRST_TIME, sigmaAt, type VarianceExplodingSde } from "./sde.js";

export type ProbabilityFlowOptions =
	/** Equal steps of Adams, Bashforth and Moulton, one evaluation of the score each. */
	| { readonly steps: number }
	/** Dormand–Prince 5(4) with this absolute and relative tolerance; all rows decide its steps together. */
	| { readonly tolerance: number };

/**
 * The deterministic process with the same marginals as the diffusion (Song et al. 2021, section 4.3):
 *
 *     dx/dt = −½ g(t)² s(x, σ(t)),
 *
 * from t = 1 to the first time, and from there x + σ² s, the mean of the data given x (Tweedie's formula).
 *
 * @returns states at σ = 0, flat
 */
export async function probabilityFlow(
	{ score, start, signal }: SamplingProblem,
	sde: VarianceExplodingSde,
	options: ProbabilityFlowOptions,
): Promise<Float32Array> {
	const field: Field<Float32Array> = async (t, y) => {
		const factor = -diffusionSquared(sde, t) / 2;
		return (await score(y, sigmaAt(sde, t))).map((slope) => factor * slope);
	};
	const problem = { field, y0: start, t0: 1, t1: FIRST_TIME, ...(signal && { signal }) };
	const { y } =
		"steps" in options
			? await solveAdams({ ...problem, steps: options.steps })
			: await solve({ ...problem, atol: options.tolerance, rtol: options.tolerance });
	const sigma = sigmaAt(sde, FIRST_TIME);
	const slope = await score(y, sigma);
	return y.map((value, i) => value + sigma ** 2 * slope[i]!);
}
