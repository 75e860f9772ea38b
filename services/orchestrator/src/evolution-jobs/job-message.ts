import { invalidArgument } from "@archgen/errors";
import {
	designNetwork,
	type EvolutionRecord,
	type PopulationStatistics,
	parseRecord,
} from "@archgen/evolution";
import {
	type Job,
	type JobProblem,
	type JobProgress,
	type JobState,
	readTableRecord,
	type TableRecord,
} from "@archgen/jobs";
import { orchestrator } from "@archgen/rpc";
import { countsToMessage, networkToMessage } from "@archgen/wire";
import { specToMessage } from "./spec-message.js";

const { EvolutionJobState: Wire } = orchestrator;

const STATE: Readonly<Record<JobState, orchestrator.EvolutionJobState>> = {
	CREATED: Wire.EVOLUTION_JOB_STATE_CREATED,
	QUEUED: Wire.EVOLUTION_JOB_STATE_QUEUED,
	RUNNING: Wire.EVOLUTION_JOB_STATE_RUNNING,
	CANCELLED: Wire.EVOLUTION_JOB_STATE_CANCELLED,
	FAILED: Wire.EVOLUTION_JOB_STATE_FAILED,
	SUCCEEDED: Wire.EVOLUTION_JOB_STATE_SUCCEEDED,
};

const ID = "[a-z][a-z0-9-]{2,61}[a-z0-9]";

/** Resource name of a job. */
export function jobName(id: string): string {
	return `evolutionJobs/${id}`;
}

/** @throws INVALID_ARGUMENT for a malformed name */
export function jobIdOf(name: string, field = "name"): string {
	const id = new RegExp(`^evolutionJobs/(${ID})$`).exec(name)?.[1];
	if (id === undefined) throw invalidArgument(field, 'must be of the form "evolutionJobs/{id}".');
	return id;
}

/** @throws INVALID_ARGUMENT for an identifier that does not fit */
export function requireJobId(id: string): string {
	if (!new RegExp(`^${ID}$`).test(id)) {
		throw invalidArgument(
			"evolution_job_id",
			'must be 4 to 63 of a-z, 0-9 and "-", beginning with a letter.',
		);
	}
	return id;
}

/** The message of a job; `live` is what the process that runs it knows better than the database. */
export function jobToMessage(
	job: Job,
	live: { readonly progress: JobProgress | null; readonly problem: JobProblem | null } = job,
): orchestrator.EvolutionJob {
	const { id, spec, state, model, createTime, startTime, endTime, runCount, executor } = job;
	const running = state === "QUEUED" || state === "RUNNING";
	const problem = running ? live.problem : job.problem;
	const progress = (running ? live.progress : null) ?? job.progress;
	return {
		name: jobName(id),
		spec: specToMessage(spec),
		state: STATE[state],
		createTime,
		startTime: startTime ?? undefined,
		endTime: endTime ?? undefined,
		runCount,
		problem: problem ? { ...problem, sinceTime: new Date(problem.since) } : undefined,
		progress: progress ? progressToMessage(id, progress) : undefined,
		modelVersion: model ? { name: model.name, version: model.version } : undefined,
		executorId: executor,
	};
}

/** A job whose spec or progress cannot be read; it can still be cancelled and deleted. */
export function unreadableJob({ id, state, createTime, runCount }: Job): orchestrator.EvolutionJob {
	return orchestrator.EvolutionJob.fromPartial({
		name: jobName(id),
		state: STATE[state],
		createTime,
		runCount,
		problem: {
			reason: "JOB_UNREADABLE",
			message: "What is kept of this job cannot be read; delete it, or ask the release that created it.",
			sinceTime: createTime,
		},
	});
}

function progressToMessage(id: string, progress: JobProgress): orchestrator.EvolutionProgress {
	const { evaluated, inFlight, phase, best, population, speed, dropped, front, remainingSeconds } = progress;
	return {
		evaluated,
		inFlight,
		phase,
		best: best === null ? undefined : evaluationToMessage(id, best),
		population: statisticsToMessage(population),
		evaluationsPerSecond: speed,
		dropped: Object.entries(dropped).map(([reason, count]) => ({ reason, count: BigInt(count) })),
		paretoFront: [...front],
		remaining: remainingSeconds === null ? undefined : durationToMessage(remainingSeconds),
	};
}

/** The message of the scores of a population. */
export function statisticsToMessage({
	size,
	best,
	mean,
	worst,
}: PopulationStatistics): orchestrator.PopulationStatistics {
	return { size, best: best ?? undefined, mean: mean ?? undefined, worst: worst ?? undefined };
}

function durationToMessage(seconds: number) {
	const whole = Math.floor(seconds);
	return { seconds: BigInt(whole), nanos: Math.floor((seconds - whole) * 1e9) };
}

/** The message of one line of a history. */
export function evaluationToMessage(id: string, line: string): orchestrator.Evaluation {
	const looked = readTableRecord(line);
	if (looked !== undefined) return lookedUpToMessage(id, looked, line);
	const record: EvolutionRecord = parseRecord(line);
	const { index, design, target, counts, score, measures, excess } = record;
	const peak = measures?.peakActivationBytes;
	return {
		name: `${jobName(id)}/evaluations/${index}`,
		index,
		network: networkToMessage(designNetwork(design, target)),
		counts: countsToMessage(counts),
		score,
		json: line,
		latency: latencyOf(record),
		peakActivationBytes: peak === undefined ? undefined : BigInt(peak),
		constraintExcess: excess ?? 0,
		architecture: "",
	};
}

function lookedUpToMessage(
	id: string,
	{ index, architecture, counts, score }: TableRecord,
	line: string,
): orchestrator.Evaluation {
	return orchestrator.Evaluation.fromPartial({
		name: `${jobName(id)}/evaluations/${index}`,
		index,
		counts: countsToMessage(counts),
		score,
		json: line,
		architecture: typeof architecture === "string" ? architecture : JSON.stringify(architecture),
	});
}

function latencyOf({ measures }: EvolutionRecord) {
	const { latencyMs, latencyErrorMs = 0 } = measures ?? {};
	return latencyMs === undefined ? undefined : { latencyMs, errorMs: latencyErrorMs };
}
