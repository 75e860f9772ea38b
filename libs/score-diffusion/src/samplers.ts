import { invalidArgument } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { type PredictorCorrectorOptions, predictorCorrector } from "./predictor-corrector.js";
import { type ProbabilityFlowOptions, probabilityFlow } from "./probability-flow.js";
import type { SamplingProblem } from "./score-function.js";
import type { VarianceExplodingSde } from "./sde.js";

/** A way from noise to data, with its settings. */
export type Sampler =
	| ({ readonly kind: "predictor-corrector" } & PredictorCorrectorOptions)
	| ({ readonly kind: "probability-flow" } & ProbabilityFlowOptions);

export type SamplerKind = Sampler["kind"];

type SamplerOf<K extends SamplerKind> = Extract<Sampler, { kind: K }>;

const RUN: {
	readonly [K in SamplerKind]: (
		problem: SamplingProblem,
		sde: VarianceExplodingSde,
		sampler: SamplerOf<K>,
		random: Random,
	) => Promise<Float32Array>;
} = {
	"predictor-corrector": predictorCorrector,
	"probability-flow": probabilityFlow,
};

/** The published sampler: 1,000 noise levels, two evaluations each. */
export const PUBLISHED_SAMPLER: SamplerOf<"predictor-corrector"> = {
	kind: "predictor-corrector",
	steps: 1000,
	signalToNoise: 0.16,
	predictor: "reverse-diffusion",
};

/** The sampler of choice: one evaluation a step, at no measured loss of validity (docs/diffusionnag.md). */
export const DEFAULT_SAMPLER: SamplerOf<"probability-flow"> = { kind: "probability-flow", steps: 20 };

/** States at σ = 0 from a draw of the prior. */
export function runSampler(
	problem: SamplingProblem,
	sde: VarianceExplodingSde,
	sampler: Sampler,
	random: Random,
): Promise<Float32Array> {
	if ("steps" in sampler && !(Number.isSafeInteger(sampler.steps) && sampler.steps >= 2))
		throw invalidArgument("steps", "must be a whole number of at least 2");
	const run = RUN[sampler.kind] as (typeof RUN)["predictor-corrector"];
	return run(problem, sde, sampler as SamplerOf<"predictor-corrector">, random);
}
