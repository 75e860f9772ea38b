import { ArchgenError } from "@archgen/errors";
import type { Progress, RunContext } from "@archgen/pipeline";
import { goOn, type orchestrator } from "@archgen/rpc";
import type { JobClient } from "./job-client.js";

/** Follows a job with its progress until it has ended; the signal stops watching, not the job. */
export async function watchJob(
	context: RunContext,
	jobs: JobClient,
	name: string,
): Promise<orchestrator.EvolutionJob> {
	const { signal } = context;
	const state: { job?: orchestrator.EvolutionJob; progress?: Progress } = {};
	try {
		const states = goOn(() => jobs.watchEvolutionJob({ name }, { signal }), { signal });
		for await (const { evolutionJob: job } of states) {
			if (job === undefined) continue;
			state.job = job;
			const total = job.spec?.evaluationCount ?? 0;
			const start = job.progress?.evaluated ?? 0;
			state.progress ??= context.startProgress({ title: name, total, start });
			state.progress.update(start, noteOf(job));
		}
	} finally {
		state.progress?.stop();
	}
	if (state.job === undefined) throw noAnswer(name);
	return state.job;
}

function noteOf({ progress, problem }: orchestrator.EvolutionJob): string {
	if (problem !== undefined) return `waiting: ${problem.message}`;
	const best = progress?.best === undefined ? "" : `best ${progress.best.score.toPrecision(6)}, `;
	return `${best}${(progress?.evaluationsPerSecond ?? 0).toPrecision(3)}/s`;
}

function noAnswer(name: string): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: "NO_RESULT",
		message: `The orchestrator told nothing about ${name}; look into its log.`,
	});
}
