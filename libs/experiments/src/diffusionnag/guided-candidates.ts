import type { CandidateSource, GaussianProcess } from "@archgen/bayesian-optimization";
import type { Random } from "@archgen/random";
import {
	generateArchitectures,
	type Sampler,
	ScoreSampler,
	type TrainedScore,
} from "@archgen/score-diffusion";
import { architectureKey, type SearchSpace } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";
import { processGuides } from "../process-guide.js";

/** How candidates are generated. */
export interface GuidedOptions {
	readonly strength: number;
	readonly sampler: Sampler;
	/** Evaluations for which one set of generated candidates serves. */
	readonly every: number;
}

/**
 * Candidates of a trained score, led by the mean of the surrogate's Gaussian process itself, which needs no training. One search each: it keeps the candidates
 * that it has generated.
 */
export function guidedCandidates<A>(
	pool: SessionPool,
	space: SearchSpace<A>,
	score: TrainedScore,
	{ strength, sampler, every }: GuidedOptions,
	random: Random,
): CandidateSource<A, GaussianProcess<A>> {
	const guideOf = processGuides(space, random);
	let kept: readonly A[] = [];
	let until = 0;
	return async ({ evaluations, surrogate, count, random: noise, signal }) => {
		if (evaluations.length < until && hasNew(space, kept, evaluations)) return kept;
		const model = await ScoreSampler.create(pool, score, [guideOf(surrogate)]);
		try {
			const request = { count, sampler, strengths: [strength], random: noise, signal };
			const drawn = await generateArchitectures(space, model, request);
			kept = drawn.filter((each) => each !== undefined);
			until = evaluations.length + every;
			return kept;
		} finally {
			await model.release();
		}
	};
}

function hasNew<A>(
	space: SearchSpace<A>,
	candidates: readonly A[],
	evaluations: readonly { readonly architecture: A }[],
): boolean {
	const known = new Set(evaluations.map(({ architecture }) => architectureKey(space, architecture)));
	return candidates.some((each) => !known.has(architectureKey(space, each)));
}
