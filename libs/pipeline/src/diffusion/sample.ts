import {
	architecturesOf,
	type Condition,
	conditionClasses,
	type DiscreteMethod,
	DiscreteSampler,
} from "@archgen/discrete-diffusion";
import {
	type Bound,
	type Draw,
	generateArchitectures,
	PropertyModel,
	predictorGuide,
	type Sample,
	type Sampler,
	type SampleSummary,
	ScoreSampler,
	sampleInChunks,
} from "@archgen/score-diffusion";
import type { ArchitectureSpace } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";
import type { NamedPredictor } from "./find-predictors.js";
import type { DenoiserFolder, ScoreFolder } from "./trained-files.js";

/** Samples that are wanted of any generator. */
export interface SampleJob {
	readonly count: number;
	readonly seed: number;
	/** Upper bound of a predicted value. */
	readonly bound?: { readonly predictor: NamedPredictor; readonly most: number } | undefined;
}

/** A predictor that leads the sampling. */
export interface StrongGuide {
	readonly predictor: NamedPredictor;
	readonly strength: number;
}

export interface ScoreSampleJob extends SampleJob {
	readonly method: Sampler;
	readonly guides: readonly StrongGuide[];
}

export interface DiscreteSampleJob extends SampleJob {
	readonly method: DiscreteMethod;
	readonly conditions: readonly Condition[];
}

/** Samples as they are found, and a summary at the end. */
export type SampleChunks = AsyncGenerator<readonly Sample[], SampleSummary>;

/** Samples architectures by a trained score, led by predictors; under a bound, also by its own. */
export async function* sampleByScore<A>(
	pool: SessionPool,
	space: ArchitectureSpace<A>,
	{ score }: ScoreFolder,
	{ method, guides, ...job }: ScoreSampleJob,
	signal?: AbortSignal,
): SampleChunks {
	const named = [...guides, ...(job.bound ? [job.bound] : [])].map(({ predictor }) => predictor);
	const leading = named.map(({ predictor }) => predictorGuide(predictor));
	const sampler = await ScoreSampler.create(pool, score, leading);
	const strengths = guides.map(({ strength }) => strength);
	const draw: Draw<A> = ({ boundStrength, ...request }) =>
		generateArchitectures(space, sampler, {
			...{ ...request, sampler: method, signal },
			strengths: job.bound ? [...strengths, boundStrength] : strengths,
		});
	try {
		return yield* sampleChunks(pool, space, draw, { ...job, named, signal });
	} finally {
		await sampler.release();
	}
}

/**
 * Samples architectures by a trained denoiser under conditions. Bounds replace samples and lead nothing.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `conditions`) listing those there are
 */
export async function* sampleByDenoiser<A>(
	pool: SessionPool,
	space: ArchitectureSpace<A>,
	{ denoiser }: DenoiserFolder,
	{ method, conditions, ...job }: DiscreteSampleJob,
	signal?: AbortSignal,
): SampleChunks {
	const classes = conditionClasses(denoiser.description.metrics, conditions);
	const named = job.bound ? [job.bound.predictor] : [];
	const sampler = await DiscreteSampler.create(pool, denoiser);
	const draw: Draw<A> = async ({ count, first, random }) => {
		const request = { ...method, count, first, random, classes, ...(signal && { signal }) };
		return architecturesOf(space, await sampler.sample(request));
	};
	try {
		return yield* sampleChunks(pool, space, draw, { ...job, named, signal });
	} finally {
		await sampler.release();
	}
}

interface ChunksJob extends SampleJob {
	/** Predictors whose values are reported. */
	readonly named: readonly NamedPredictor[];
	readonly signal: AbortSignal | undefined;
}

async function* sampleChunks<A>(
	pool: SessionPool,
	space: ArchitectureSpace<A>,
	draw: Draw<A>,
	{ named, bound, ...job }: ChunksJob,
): SampleChunks {
	const predictors = await propertyModels(pool, named);
	const most: Bound | undefined = bound && { predictor: bound.predictor.name, most: bound.most };
	try {
		return yield* sampleInChunks({ ...job, space, draw, predictors, bound: most });
	} finally {
		await Promise.all(Object.values(predictors).map((model) => model.release()));
	}
}

async function propertyModels(pool: SessionPool, named: readonly NamedPredictor[]) {
	const distinct = new Map(named.map(({ name, predictor }) => [name, predictor]));
	const models = await Promise.all(
		[...distinct].map(
			async ([name, predictor]) => [name, await PropertyModel.create(pool, predictor)] as const,
		),
	);
	return Object.fromEntries(models);
}
