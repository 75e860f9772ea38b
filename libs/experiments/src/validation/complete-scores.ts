import type { ImageBatch } from "@archgen/datasets";
import type { RunContext } from "@archgen/pipeline";
import { type ProxyName, ScoringPool } from "@archgen/proxies";
import type { NetworkGraph } from "@archgen/search-space";
import { appendScores, type BenchmarkScores, openScores, type ScoresHeader } from "./benchmark-scores.js";
import { scoreBenchmark } from "./score-benchmark.js";

/** Networks of a table that are to be scored, and the file that keeps the scores. */
export interface ScoresTask {
	/** The architecture of each row. */
	readonly archs: readonly string[];
	/** File of scores (JSON lines); scores in it are not computed again. */
	readonly file: string;
	readonly header: ScoresHeader;
	readonly lower: (arch: string) => NetworkGraph;
	readonly batch: ImageBatch;
	/** Seed of the initial weights. */
	readonly seed: number;
	readonly proxies: readonly ProxyName[];
	/** Scoring processes of one thread each. */
	readonly workers: number;
}

/** Scores by architecture, complete for the proxies of the task, and the processes that computed them. */
export interface CompleteScores {
	readonly scores: ReadonlyMap<string, BenchmarkScores>;
	readonly scorer: ScoringPool;
}

/** Computes the scores that the file lacks and hands all of them to `use`; the processes stop when it has ended. */
export async function withCompleteScores<T>(
	context: RunContext,
	{ archs, file, header, proxies, workers, ...task }: ScoresTask,
	use: (complete: CompleteScores) => T | Promise<T>,
): Promise<T> {
	const { signal } = context;
	const scores = await openScores(file, header);
	const isDone = (arch: string) => proxies.every((name) => scores.get(arch)?.[name] !== undefined);
	const missing = [...new Set(archs)].filter((arch) => !isDone(arch));
	let done = archs.length - missing.length;
	const progress = context.startProgress({ title: "networks", total: archs.length, start: done });
	const scorer = ScoringPool.create({ workers, threadsPerWorker: 1 });
	try {
		await scoreBenchmark(missing, scores, {
			...{ ...task, scorer, proxies, signal, parallelism: workers },
			onScores: async (arch, found) => {
				await appendScores(file, arch, found);
				scores.set(arch, { ...scores.get(arch), ...found });
				progress.update(++done);
			},
		});
		return await use({ scores, scorer });
	} finally {
		progress.stop();
		await scorer.close();
	}
}
