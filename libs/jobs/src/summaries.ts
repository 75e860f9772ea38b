import { setImmediate } from "node:timers/promises";
import { HistorySummarizer, type HistorySummary } from "@archgen/evolution";
import { LRUCache } from "lru-cache";
import type { Job } from "./job.js";
import type { JobStore } from "./job-store.js";
import { STRATEGIES } from "./search-options.js";

/** Points of a summary at most. */
export const MAX_SUMMARY_POINTS = 5000;
/** Jobs whose summaries are kept. */
const KEPT = 8;
/** Evaluations read at once. */
const READ_AT_ONCE = 2000;

/** A summary that grows, and the end of the reading that was asked for last. */
interface Kept {
	readonly summarizer: HistorySummarizer;
	turn: Promise<unknown>;
}

/** Summaries of histories; the latest ones are kept, so that only what is new is read. */
export class Summaries {
	/** By the number of the job. */
	readonly #kept = new LRUCache<string, Kept>({ max: KEPT });

	/** @param points size of the sample at most, {@link MAX_SUMMARY_POINTS} at most */
	summary(job: Job, store: Pick<JobStore, "facts">, points: number): Promise<HistorySummary> {
		const kept = this.#kept.get(job.number) ?? { summarizer: summarizerOf(job), turn: Promise.resolve() };
		this.#kept.set(job.number, kept);
		// One after another: two readers at once would add the same evaluations twice.
		const reading = kept.turn.then(() => readNew(job.id, store, kept.summarizer));
		kept.turn = reading.catch(() => {});
		return reading.then(() => kept.summarizer.summary(points));
	}
}

function summarizerOf({ spec: { strategy, populationSize, costs } }: Job): HistorySummarizer {
	return new HistorySummarizer({ strategy: STRATEGIES[strategy], populationSize, costs }, MAX_SUMMARY_POINTS);
}

async function readNew(id: string, store: Pick<JobStore, "facts">, summarizer: HistorySummarizer) {
	for (;;) {
		const facts = await store.facts(id, summarizer.evaluated, READ_AT_ONCE);
		for (const [i, evaluation] of facts.entries()) {
			// Replaying a Pareto population takes a while: let other work run in between.
			if (i % 100 === 0) await setImmediate();
			summarizer.add(evaluation);
		}
		if (facts.length < READ_AT_ONCE) return;
	}
}
