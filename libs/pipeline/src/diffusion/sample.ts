import {
	type Bound,
	PropertyModel,
	predictorGuide,
	type SampleReport,
	type Sampler,
	ScoreSampler,
	sampleArchitectures,
} from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import type { RunContext } from "../run-context.js";
import { findDevice, findPredictor, type GuideOption, type NamedPredictor } from "./find-predictors.js";
import type { SpaceBundle } from "./space-bundle.js";

export interface SampleJob {
	readonly count: number;
	readonly seed: number;
	readonly method: Sampler;
	readonly guides: readonly GuideOption[];
	readonly latency?: { readonly device: string; readonly most: number } | undefined;
	readonly workers: number;
}

/** Share of valid samples below which a warning is due. */
const FEW_VALID = 0.95;

/** Samples architectures by the score of a bundle. */
export async function sampleByScore<A>(
	context: RunContext,
	space: SearchSpace<A>,
	bundle: SpaceBundle,
	job: SampleJob,
): Promise<SampleReport> {
	const { signal } = context;
	const { count, seed, method, latency, workers } = job;
	const guides = await Promise.all(
		job.guides.map(({ predictor }) => findPredictor(bundle, predictor, space.name)),
	);
	const device = latency && findDevice(bundle, latency.device);
	const bound: Bound | undefined = device && { predictor: device.name, most: latency!.most };
	const named = [...guides, ...(device ? [device] : [])];
	const pool = SessionPool.create({ workers, threadsPerWorker: 1 });
	const progress = context.startProgress({ title: "samples", total: count });
	try {
		const report = await sampleArchitectures({
			...{ space, method, bound, count, seed, signal },
			sampler: await ScoreSampler.create(
				pool,
				bundle.score,
				named.map(({ predictor }) => predictorGuide(predictor)),
			),
			strengths: job.guides.map(({ strength }) => strength),
			predictors: await propertyModels(pool, named),
			now: () => performance.now(),
			onProgress: (generated, kept) =>
				progress.update(Math.min(bound ? kept : generated, count), bound ? `of ${generated} generated` : ""),
		});
		if (report.validity < FEW_VALID) context.remark(validityWarning(report, job.guides));
		return report;
	} finally {
		progress.stop();
		await pool.close();
	}
}

async function propertyModels(pool: SessionPool, named: readonly NamedPredictor[]) {
	const models = await Promise.all(
		named.map(async ({ name, predictor }) => [name, await PropertyModel.create(pool, predictor)] as const),
	);
	return Object.fromEntries(models);
}

function validityWarning({ validity }: SampleReport, guides: readonly GuideOption[]): string {
	const advice = guides.length > 0 ? "lower the strengths of --guide or raise --steps" : "raise --steps";
	return `archgen: warning: only ${(100 * validity).toFixed(1)} % of the samples are valid; ${advice}.`;
}
