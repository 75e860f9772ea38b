import { ArchgenError, invalidArgument } from "@archgen/errors";
import type { Job } from "@archgen/jobs";
import { errorToStatusMessage, type longrunning, orchestrator } from "@archgen/rpc";
import { jobName, jobToMessage } from "./job-message.js";

const TYPE = "type.googleapis.com/archgen.orchestrator.v1.EvolutionJob";

/** Name of the operation that a run of a job is. */
function operationName({ id, runCount }: Pick<Job, "id" | "runCount">): string {
	return `operations/${jobName(id)}/runs/${runCount}`;
}

/** Job and run of an operation. @throws INVALID_ARGUMENT for a malformed name */
export function parseOperationName(name: string): { readonly id: string; readonly runCount: number } {
	const match = /^operations\/evolutionJobs\/([a-z0-9-]+)\/runs\/(\d+)$/.exec(name);
	if (match === null) {
		throw invalidArgument("name", 'must be of the form "operations/evolutionJobs/{id}/runs/{run}".');
	}
	return { id: match[1]!, runCount: Number(match[2]) };
}

/** A run of a job as an operation: metadata is the job as it is, the response the job that is finished. */
export function operationOf(
	job: Job,
	message: orchestrator.EvolutionJob = jobToMessage(job),
): longrunning.Operation {
	const packed = { typeUrl: TYPE, value: Buffer.from(orchestrator.EvolutionJob.encode(message).finish()) };
	const base = { name: operationName(job), metadata: packed };
	switch (job.state) {
		case "SUCCEEDED":
			return { ...base, done: true, result: { $case: "response", value: packed } };
		case "FAILED":
		case "CANCELLED":
			return { ...base, done: true, result: { $case: "error", value: statusOf(job) } };
		default:
			return { ...base, done: false, result: undefined };
	}
}

function statusOf({ state, problem }: Job) {
	const category = state === "CANCELLED" ? "CANCELLED" : "FAILED_PRECONDITION";
	const { reason, message } = problem ?? { reason: "CANCELLED", message: "The job was cancelled." };
	return errorToStatusMessage(new ArchgenError({ category, reason, message }));
}
