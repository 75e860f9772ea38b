import { orchestrator } from "@archgen/rpc";
import { duration, fields, short, table } from "@archgen/text";

/** `RUNNING` of `EVOLUTION_JOB_STATE_RUNNING`. */
function stateOf({ state }: orchestrator.EvolutionJob): string {
	return orchestrator.evolutionJobStateToJSON(state).replace("EVOLUTION_JOB_STATE_", "");
}

/** One job for people. */
export function describeJob(job: orchestrator.EvolutionJob): string {
	const { progress, problem, spec, modelVersion } = job;
	const dropped = progress?.dropped.map(({ reason, count }) => `${reason} ${count}`).join(", ");
	const lines: Record<string, string | number | undefined> = {
		name: job.name || "(not created)",
		state: stateOf(job),
		problem: problem && `${problem.reason}: ${problem.message}`,
		evaluated: `${progress?.evaluated ?? 0} of ${spec?.evaluationCount ?? 0}`,
		inFlight: progress?.inFlight,
		best: progress?.best && describeBest(progress.best),
		populationMean: progress?.population?.mean,
		perSecond: progress?.evaluationsPerSecond,
		left: progress?.remaining && duration(Number(progress.remaining.seconds)),
		dropped: dropped || undefined,
		model: modelVersion && `${modelVersion.name} ${modelVersion.version}`,
		executor: job.executorId || undefined,
	};
	const present = Object.entries(lines).filter(
		(line): line is [string, string | number] => line[1] !== undefined,
	);
	return fields(Object.fromEntries(present));
}

/** Many jobs for people. */
export function describeJobs({
	evolutionJobs,
	nextPageToken,
}: orchestrator.ListEvolutionJobsResponse): string {
	if (evolutionJobs.length === 0) return "There are no jobs.";
	const rows = evolutionJobs.map((job) => [
		job.name,
		stateOf(job),
		`${job.progress?.evaluated ?? 0}/${job.spec?.evaluationCount ?? 0}`,
		job.progress?.best ? job.progress.best.score.toPrecision(6) : "",
	]);
	const text = table(["name", "state", "evaluated", "best"], rows);
	return nextPageToken === "" ? text : `${text}\nMore with --page-token ${nextPageToken}`;
}

function describeBest({ index, score, counts, architecture }: orchestrator.Evaluation): string {
	const text = `${score.toPrecision(6)} (number ${index}, flopCount ${short(Number(counts?.flopCount ?? 0n))}, parameters ${short(Number(counts?.parameterCount ?? 0n))})`;
	return architecture === "" ? text : `${text} ${architecture}`;
}
