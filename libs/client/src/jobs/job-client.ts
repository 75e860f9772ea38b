import { randomUUID } from "node:crypto";
import { ArchgenError } from "@archgen/errors";
import { orchestrator, type RpcClient } from "@archgen/rpc";

/** Client of the orchestrator's jobs. */
export type JobClient = RpcClient<typeof orchestrator.EvolutionJobServiceService>;

/** The resource name of a job that may be given by its identifier alone. */
export function jobName(text: string): string {
	return text.startsWith("evolutionJobs/") ? text : `evolutionJobs/${text}`;
}

/** The job of a name. */
export async function getJob(jobs: JobClient, name: string): Promise<orchestrator.EvolutionJob> {
	return (await jobs.getEvolutionJob({ name })).evolutionJob!;
}

/** A job about to be created. */
export interface JobCreation {
	readonly spec: orchestrator.EvolutionJobSpec;
	/** Identifier; made up by the orchestrator when empty. */
	readonly id: string;
	/** Check and create nothing. */
	readonly validateOnly: boolean;
	/** Start it at once. */
	readonly run: boolean;
}

/** Creates a job, exactly one even when the first answer is lost on the way. */
export async function createJob(
	jobs: JobClient,
	{ spec, id, validateOnly, run }: JobCreation,
): Promise<orchestrator.EvolutionJob> {
	const request = {
		evolutionJob: orchestrator.EvolutionJob.fromPartial({ spec }),
		evolutionJobId: id,
		validateOnly,
		// With it the call can be made again without creating a second job.
		requestId: randomUUID(),
	};
	const { evolutionJob } = await jobs
		.createEvolutionJob(request)
		.catch((failure: unknown) =>
			isLost(failure) ? jobs.createEvolutionJob(request) : Promise.reject(failure),
		);
	if (!run || validateOnly) return evolutionJob!;
	await jobs.runEvolutionJob({ name: evolutionJob!.name });
	return getJob(jobs, evolutionJob!.name);
}

function isLost(failure: unknown): boolean {
	return failure instanceof ArchgenError && failure.category === "UNAVAILABLE";
}
