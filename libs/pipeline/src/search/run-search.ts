import type { ImageBatch } from "@archgen/datasets";
import type { CellGenerator } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import {
	type EvolutionOptions,
	type EvolutionProgress,
	type EvolutionResult,
	resolveOptions,
	runEvolution,
} from "@archgen/evolution";
import { type ProxyName, predictionOf, ScoringPool } from "@archgen/proxies";
import { short } from "@archgen/text";
import type { RunContext } from "../run-context.js";
import { predictedScoring, proxyScoring } from "../scoring/proxy-scoring.js";
import { fingerprint } from "../training/workspace.js";
import { HistoryFile } from "./history-file.js";

/** A search with all it stands on. */
export interface Search {
	readonly title: string;
	/** Parallelism is set from `workers`. */
	readonly options: EvolutionOptions;
	readonly cells: CellGenerator;
	/** Which cells these are, e.g. the digest of the models. */
	readonly cellIdentity: string;
	readonly batch: ImageBatch;
	readonly proxy: ProxyName;
	/** Networks count for what they promise by the proxy (`predictionOf`), and none is run. */
	readonly predicted?: boolean;
	/** Scoring processes, and evaluations in flight. */
	readonly workers: number;
	/** History file. */
	readonly out: string;
	/** Told the processor time of the run when it ends, in seconds; what an earlier, interrupted run took is not in it. */
	readonly onCpu?: (seconds: number) => Promise<void>;
}

/**
 * Runs a search or continues it from its history file.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming `--predicted` where nothing predicts the proxy
 */
export async function runSearch(context: RunContext, search: Search): Promise<EvolutionResult> {
	const { options, cells, batch, proxy, workers } = search;
	const predict = predictionOf(proxy, options.target, batch.shape[2]);
	if (search.predicted && predict === undefined)
		throw invalidArgument("--predicted", `is for proxies that layer shapes predict; ${proxy} needs a run.`);
	const predicted = search.predicted ? predict : undefined;
	const settings = fingerprint({
		...{ proxy, cells: search.cellIdentity, images: batch.identity },
		...(predicted && { predicted: true }),
	});
	const file = new HistoryFile(search.out, settings);
	const resume = await file.open(resolveOptions(options), context.signal);
	const scorer = ScoringPool.create({ workers, threadsPerWorker: 1 });
	const clock = new CpuClock(scorer);
	const total = options.evaluations;
	const progress = context.startProgress({ title: search.title, total, start: resume.history.length });
	try {
		return await runEvolution(
			{ ...options, parallelism: workers },
			{
				cells,
				scorer: predicted
					? predictedScoring(predicted)
					: proxyScoring({ scorer, batch, proxy, seed: options.seed }),
				...(predict && { predict }),
			},
			{
				signal: context.signal,
				onRecord: (record) => file.append(record),
				checkpoint: (state) => file.checkpoint(state),
				onProgress: (state) => progress.update(state.evaluated, noteOf(state)),
			},
			resume,
		);
	} finally {
		progress.stop();
		await search.onCpu?.(clock.seconds);
		await scorer.close();
		await file.close();
	}
}

function noteOf({ phase, best, dropped }: EvolutionProgress): string {
	const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
	const score =
		best === null ? "" : ` best ${best.score.toPrecision(5)} with ${short(best.counts.flopCount)} flopCount`;
	return `${phase}${score} dropped ${drops}`;
}

/** Processor time of this process and of a pool's workers since the clock was made, in seconds. */
export class CpuClock {
	readonly #began = process.cpuUsage();

	constructor(private readonly pool: Pick<ScoringPool, "cpuSeconds">) {}

	get seconds(): number {
		const { user, system } = process.cpuUsage(this.#began);
		return (user + system) / 1e6 + this.pool.cpuSeconds;
	}
}
