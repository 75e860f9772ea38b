import type { RunContext, ScoreFolder } from "@archgen/pipeline";
import {
	generateArchitectures,
	type Sampler,
	ScoreSampler,
	trainingArchitectures,
} from "@archgen/score-diffusion";
import { architectureKey, type SearchSpace } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { type Table4Method, type Table4Row, table4Row, uniformMethod } from "./table4.js";

export interface Table4Job {
	/** Trained scores by the name of their row. */
	readonly scores: Readonly<Record<string, ScoreFolder>>;
	readonly sampler: Sampler;
	readonly count: number;
	readonly seeds: number;
	readonly workers: number;
}

/** Validity, uniqueness and novelty of what scores sample, and of uniform draws. */
export async function reproduceTable4<A>(
	{ startProgress, signal }: RunContext,
	space: SearchSpace<A>,
	{ scores, sampler, count, seeds, workers }: Table4Job,
): Promise<Table4Row[]> {
	const pool = SessionPool.create({ workers, threadsPerWorker: 1 });
	const [first] = Object.values(scores);
	const trainedOn = (origin: ScoreFolder["origin"]) =>
		new Set(trainingArchitectures(space, origin).map((each) => architectureKey(space, each)));
	const shared = { count, seeds, now: () => performance.now() };
	const rows: Table4Row[] = [];
	try {
		for (const [method, { score, origin }] of Object.entries(scores)) {
			const progress = startProgress({ title: method, total: count * seeds });
			const model = await ScoreSampler.create(pool, score);
			let before = 0;
			const generate: Table4Method<A>["generate"] = async (wanted, random) => {
				const onProgress = (done: number) => progress.update(before + done);
				const request = { count: wanted, sampler, strengths: [], random, signal, onProgress };
				const drawn = await generateArchitectures(space, model, request);
				before += wanted;
				return drawn;
			};
			rows.push(await table4Row(space, { method, generate }, { ...shared, trained: trainedOn(origin) }));
			progress.stop();
		}
		const trained = trainedOn(first!.origin);
		rows.push(await table4Row(space, uniformMethod(space), { ...shared, trained }));
		return rows;
	} finally {
		await pool.close();
	}
}
