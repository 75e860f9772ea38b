import { type EvolutionDependencies, EvolutionRun, launchToLine, recordToLine } from "@archgen/evolution";
import type { Job, JobModel } from "./job.js";
import type { JobSession } from "./job-session.js";
import { searchOptions } from "./search-options.js";
import type { SearchHooks, SearchRun } from "./search-run.js";
import { openTableSearch } from "./table-search.js";

/** Goes on with the search of a job from what its session has written down. */
export async function openSearch(
	job: Job,
	model: JobModel | null,
	session: JobSession,
	dependencies: EvolutionDependencies,
	hooks: SearchHooks,
): Promise<SearchRun> {
	if (job.spec.table !== undefined) return openTableSearch(job.spec, job.spec.table, session, hooks);
	const { signal, onRecord } = hooks;
	const run = new EvolutionRun(
		searchOptions(job.spec, model),
		dependencies,
		{
			signal,
			onLaunch: (launch) => session.launch(launch, launchToLine(launch, job.spec.target)),
			onFailure: (launch, reason) => session.failure(launch, reason),
			onRecord: async (record) => {
				await session.record(record, recordToLine(record));
				onRecord();
			},
		},
		await session.log(),
	);
	return {
		advance: (records) => run.advance(records),
		progress: () => {
			const { best, ...progress } = run.progress();
			return { ...progress, best: best && recordToLine(best) };
		},
		isStalled: () => run.result().stopped === "stalled",
		close: () => run.close(),
	};
}
