import { performance } from "node:perf_hooks";
import { requireScoringMemory, scoringSelection } from "@archgen/proxies";
import { type CallContext, errorToItem, toDomainError, type zcproxy } from "@archgen/rpc";
import type { Batches } from "./batches.js";
import type { CachedScorer } from "./cached-scorer.js";
import type { Metrics } from "./metrics.js";
import { networkOfItem, type Settings, scoreToMessage } from "./translate.js";

/** One item of a call. */
export interface Task {
	readonly item: zcproxy.EvaluationItem;
	/** Position in the batch or stream, from 0. */
	readonly index: number;
	/** Where the item stands in the request, for error messages. */
	readonly field: string;
	readonly settings: Settings;
}

/** Scores single items; what goes wrong with one is its result and touches no other. */
export class Evaluator {
	constructor(
		private readonly scorer: CachedScorer,
		private readonly batches: Batches,
		private readonly metrics: Pick<Metrics, "count">,
		/** Memory of one worker. */
		private readonly workerBytes: number,
	) {}

	/** The result of one item. Rejects only when the call itself is over. */
	async evaluate(task: Task, context: CallContext): Promise<zcproxy.EvaluationResult> {
		const { item, index } = task;
		try {
			const score = await this.#score(task, context.signal);
			this.metrics.count("score");
			return { itemId: item.itemId, index, outcome: { $case: "score", value: score } };
		} catch (failure) {
			context.signal.throwIfAborted();
			const error = errorToItem(toDomainError(failure, context));
			this.metrics.count("error");
			return { itemId: item.itemId, index, outcome: { $case: "error", value: error } };
		}
	}

	async #score({ item, field, settings }: Task, signal: AbortSignal): Promise<zcproxy.Score> {
		const start = performance.now();
		const network = networkOfItem(item, field);
		const { proxies, seed, bnMode } = settings;
		requireScoringMemory(
			network,
			{ images: settings.batch, proxies },
			this.workerBytes,
			"settings.batch_size",
		);
		const batch = await this.batches.get({ ...scoringSelection(network, settings.batch), seed });
		const weights = seedOfWeights(seed);
		const scores = await this.scorer.score({ network, batch, proxies, seed: weights, bnMode }, signal);
		return scoreToMessage(scores, performance.now() - start, batch.identity);
	}
}

/** Seeds of the protocol have 64 bits, those of weights are exact numbers: both ends of the range stay apart. */
function seedOfWeights(seed: bigint): number {
	return Number(BigInt.asUintN(53, seed));
}
