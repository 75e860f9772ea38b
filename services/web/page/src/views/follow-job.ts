import { type CallError, problemOf, stream } from "../api/client.js";
import type { EvolutionJob, HistorySummary } from "../api/types.js";
import { readSummary } from "./job-history.js";
import { isLive } from "./job-parts.js";

/** Categories of failures that pass: services that restart, or are busy. */
const PASSING = new Set(["UNAVAILABLE", "CANCELLED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "INTERNAL"]);
const RETRY_MS = 1500;
/** Least time between two readings of a history that grows. */
const SUMMARY_MS = 1500;

interface Followers {
	readonly onJob: (job: EvolutionJob) => void;
	readonly onSummary: (summary: HistorySummary) => void;
	readonly onError: (problem: CallError | undefined) => void;
}

/** Follows a job until it ends or the signal fires; what breaks off is taken up again. */
export async function followJob(
	name: string,
	signal: AbortSignal,
	{ onJob, onSummary, onError }: Followers,
): Promise<void> {
	let [live, read, readAt] = [true, -1, Number.NEGATIVE_INFINITY];
	while (!signal.aborted) {
		try {
			for await (const { evolutionJob } of stream<{ evolutionJob: EvolutionJob }>(
				"jobs",
				"WatchEvolutionJob",
				{ name },
				{ signal },
			)) {
				// A later call follows the job by now; what this one still holds is older.
				if (signal.aborted) return;
				onJob(evolutionJob);
				live = isLive(evolutionJob);
				onError(undefined);
				const evaluated = evolutionJob.progress?.evaluated ?? 0;
				const due = !live || performance.now() - readAt >= SUMMARY_MS;
				if (evaluated === read || !due) continue;
				const summary = await readSummary(name, signal);
				[read, readAt] = [summary.evaluationCount, performance.now()];
				onSummary(summary);
			}
			if (!live) return;
		} catch (failure) {
			const problem = problemOf(failure);
			if (problem === undefined) return;
			onError(problem);
			if (!PASSING.has(problem.problem.title)) return;
		}
		await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
	}
}
