import { join } from "node:path";
import {
	fitPredictor,
	type PredictorFolder,
	type PropertyTableFile,
	type RunContext,
	readPredictor,
	type ScoreFolder,
} from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import {
	generateArchitectures,
	PropertyModel,
	predictorGuide,
	type Sampler,
	ScoreSampler,
	statesOf,
} from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { type AccuracySummary, Benchmark, bestPredicted } from "./benchmark.js";

export interface Table3Job {
	/** Data sets by the stem of their columns: STEM_val and STEM_test. */
	readonly dataSets: readonly string[];
	/** Numbers of labelled architectures that predictors are trained on. */
	readonly labels: readonly number[];
	/** Guidance with the most labels is swept over all; with fewer labels the first is used. */
	readonly strengths: readonly number[];
	readonly sampler: Sampler;
	readonly count: number;
	readonly seed: number;
	/** Folder of the predictors, which are trained where they are missing. */
	readonly work: string;
	readonly workers: number;
}

/** One row of Table 3 of DiffusionNAG. */
export interface Table3Row extends AccuracySummary {
	readonly dataSet: string;
	readonly method: "oracle" | "random" | "sorted" | "guided";
	/** Labelled architectures that were used. */
	readonly labels: number;
	readonly strength: number;
	/** Share of the samples that are valid. */
	readonly validity: number;
}

/** Columns that the rows need. */
export function table3Columns(dataSets: readonly string[]): string[] {
	return dataSets.flatMap((stem) => [`${stem}_val`, `${stem}_test`]);
}

/** Accuracies of architectures by oracle, random draws, sorted and guided sampling. */
export async function reproduceTable3<A>(
	context: RunContext,
	space: SearchSpace<A>,
	file: PropertyTableFile<A>,
	{ score }: ScoreFolder,
	job: Table3Job,
): Promise<Table3Row[]> {
	const pool = SessionPool.create({ workers: job.workers, threadsPerWorker: 1 });
	const rows: Table3Row[] = [];
	try {
		const plain = await ScoreSampler.create(pool, score);
		const unconditional = await draw(context, space, plain, job, "unconditional", { count: 2 * job.count });
		for (const stem of job.dataSets) {
			const benchmark = new Benchmark(space, file.table, `${stem}_val`, `${stem}_test`);
			const row = (
				method: Table3Row["method"],
				labels: number,
				strength: number,
				drawn: (A | undefined)[],
			) => {
				const summary = benchmark.summary(drawn);
				rows.push({
					...{ dataSet: stem, method, labels, strength, ...summary },
					validity: drawn.filter((each) => each !== undefined).length / drawn.length,
				});
			};
			row("oracle", file.table.architectures.length, 0, benchmark.oracle(job.count));
			row("random", 0, 0, benchmark.random(job.count, job.seed));
			for (const labels of [...job.labels].sort((a, b) => b - a)) {
				const { predictor } = await predictorOf(context, space, file, `${stem}_val`, labels, job);
				const model = await PropertyModel.create(pool, predictor);
				const valid = unconditional.filter((each) => each !== undefined);
				const predicted = await model.predict(statesOf(space, valid), 0, context.signal);
				row("sorted", labels, 0, bestPredicted(valid, predicted, job.count));
				const guided = await ScoreSampler.create(pool, score, [predictorGuide(predictor)]);
				const strengths = labels === Math.max(...job.labels) ? job.strengths : job.strengths.slice(0, 1);
				for (const strength of strengths) {
					const title = `${stem}, ${labels} labels, strength ${strength}`;
					row(
						"guided",
						labels,
						strength,
						await draw(context, space, guided, job, title, { strengths: [strength] }),
					);
				}
				await guided.release();
			}
		}
		return rows;
	} finally {
		await pool.close();
	}
}

async function draw<A>(
	{ startProgress, signal }: RunContext,
	space: SearchSpace<A>,
	model: ScoreSampler,
	{ count, sampler, seed }: Table3Job,
	title: string,
	own: { readonly count?: number; readonly strengths?: readonly number[] },
): Promise<(A | undefined)[]> {
	const total = own.count ?? count;
	const progress = startProgress({ title, total });
	const random = createRandom(seed).fork(title);
	const onProgress = (done: number) => progress.update(done);
	try {
		const request = { strengths: [], ...own, count: total, sampler, random, signal, onProgress };
		return await generateArchitectures(space, model, request);
	} finally {
		progress.stop();
	}
}

/** The predictor of so many rows, trained unless it is in the work folder. */
async function predictorOf<A>(
	context: RunContext,
	space: SearchSpace<A>,
	file: PropertyTableFile<A>,
	target: string,
	rows: number,
	{ work, seed, workers }: Table3Job,
): Promise<PredictorFolder> {
	const folder = join(work, `${target}-${rows}`);
	const known = await readPredictor(folder).catch(() => undefined);
	const isSame =
		known?.origin.table === file.digest && known.origin.rows === rows && known.origin.seed === seed;
	if (!isSame)
		await fitPredictor(context, space, file, { target, rows, seed, folder, workers, restart: false });
	return readPredictor(folder);
}
