import {
	PropertyModel,
	predictorGuide,
	type Sample,
	type SampleReport,
	type Sampler,
	type SampleSummary,
	ScoreSampler,
	sampleInChunks,
} from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import type { RunContext } from "../run-context.js";
import type { NamedPredictor } from "./find-predictors.js";
import type { ScoreFolder } from "./trained-files.js";

/** A predictor that leads the sampling. */
export interface StrongGuide {
	readonly predictor: NamedPredictor;
	readonly strength: number;
}

export interface SampleJob {
	readonly count: number;
	readonly seed: number;
	readonly method: Sampler;
	readonly guides: readonly StrongGuide[];
	/** Upper bound of a predicted value. */
	readonly bound?: { readonly predictor: NamedPredictor; readonly most: number } | undefined;
}

/** Share of valid samples below which a warning is due. */
const FEW_VALID = 0.95;

/** Samples architectures by a trained score, led by predictors, as they are found. */
export async function* sampleByScore<A>(
	pool: SessionPool,
	space: SearchSpace<A>,
	{ score }: ScoreFolder,
	job: SampleJob,
	signal?: AbortSignal,
): AsyncGenerator<readonly Sample[], SampleSummary> {
	const { count, seed, method, guides, bound } = job;
	const named = [...guides, ...(bound ? [bound] : [])].map(({ predictor }) => predictor);
	const sampler = await ScoreSampler.create(
		pool,
		score,
		named.map(({ predictor }) => predictorGuide(predictor)),
	);
	const predictors = await propertyModels(pool, named);
	try {
		return yield* sampleInChunks({
			...{ space, sampler, method, predictors, count, seed, signal },
			strengths: guides.map(({ strength }) => strength),
			bound: bound && { predictor: bound.predictor.name, most: bound.most },
		});
	} finally {
		await Promise.all([sampler, ...Object.values(predictors)].map((model) => model.release()));
	}
}

/** {@link sampleByScore} to its end, with progress, and a warning when few samples are valid. */
export async function sampleReport<A>(
	context: RunContext,
	space: SearchSpace<A>,
	trained: ScoreFolder,
	job: SampleJob,
	workers: number,
): Promise<SampleReport> {
	const pool = SessionPool.create({ workers, threadsPerWorker: 1 });
	const progress = context.startProgress({ title: "samples", total: job.count });
	const began = performance.now();
	const samples: Sample[] = [];
	try {
		const chunks = sampleByScore(pool, space, trained, job, context.signal);
		let next = await chunks.next();
		for (; !next.done; next = await chunks.next()) {
			samples.push(...next.value);
			progress.update(samples.length);
		}
		const { generated, ...summary } = next.value;
		const millisecondsPerSample = (performance.now() - began) / generated;
		if (summary.validity < FEW_VALID)
			context.remark(validityWarning(summary.validity, job.guides.length > 0));
		return { space: space.name, generator: "score", samples, ...inOrder(summary, millisecondsPerSample) };
	} finally {
		progress.stop();
		await pool.close();
	}
}

function inOrder(
	{ validity, uniqueness, nearest }: Omit<SampleSummary, "generated">,
	millisecondsPerSample: number,
) {
	return { validity, uniqueness, millisecondsPerSample, ...(nearest && { nearest }) };
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

function validityWarning(validity: number, isGuided: boolean): string {
	const advice = isGuided ? "lower the strengths of --guide or raise --steps" : "raise --steps";
	return `archgen: warning: only ${(100 * validity).toFixed(1)} % of the samples are valid; ${advice}.`;
}
