import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError } from "@archgen/errors";
import type { Jobs, Training } from "@archgen/jobs";
import { type ImplementedService, implement, longrunning, type orchestrator } from "@archgen/rpc";
import { requireWhole } from "@archgen/wire";
import { viewToMessage } from "./job-view.js";
import { operationOf, parseOperationName } from "./operation.js";
import { trainingToOperation } from "./training-message.js";

const WAIT_MS = 250;
/** Longest wait of one call; the operation is then told as it is, and callers wait again. */
const LONGEST_WAIT_MS = 300_000;

/** Describes a version of the model that jobs belong to. */
export type DescribeVersion = (version: string) => Promise<orchestrator.Model | undefined>;

/** A training as an operation, with the model that it made. */
async function operationOfTraining(training: Training, describe: DescribeVersion) {
	const made = training.state === "SUCCEEDED" ? await describe(training.request.version) : undefined;
	return trainingToOperation(training, made);
}

/** The training that an operation is; undefined for another kind. */
function trainingOf(name: string): string | undefined {
	return /^operations\/trainings\/([a-z0-9-]+)$/.exec(name)?.[1];
}

/** Handlers of `google.longrunning.Operations` over runs of jobs: an operation that is not the latest run is over. */
export function operationsService(jobs: Jobs, describe: DescribeVersion): ImplementedService {
	const find = async (name: string) => {
		const training = trainingOf(name);
		if (training !== undefined) return operationOfTraining(await jobs.training(training), describe);
		const { id, runCount } = parseOperationName(name);
		const { job, live } = await jobs.get(id);
		if (job.runCount !== runCount) throw superseded(name);
		return operationOf(job, viewToMessage({ job, live }));
	};
	return implement(
		longrunning.OperationsService,
		{
			getOperation: ({ name }) => find(name),
			listOperations: async ({ pageSize, pageToken }) => {
				const { items, next } = await jobs.list(requireWhole("page_size", pageSize || 20, 1, 100), pageToken);
				const started = items.filter(({ job }) => job.runCount > 0);
				const operations = started.map(({ job, live }) => operationOf(job, viewToMessage({ job, live })));
				return { operations, nextPageToken: next?.job.number ?? "", unreachable: [] };
			},
			cancelOperation: async ({ name }) => {
				await find(name);
				const training = trainingOf(name);
				if (training !== undefined) await jobs.cancelTraining(training);
				else await jobs.cancel(parseOperationName(name).id);
				return {};
			},
			deleteOperation: async ({ name }) => {
				throw new ArchgenError({
					category: "FAILED_PRECONDITION",
					reason: "NOT_SUPPORTED",
					message: `${name} lives as long as its job; delete the job.`,
				});
			},
			waitOperation: async ({ name, timeout }, { signal }) => {
				const end = Date.now() + Math.min(LONGEST_WAIT_MS, Number(timeout?.seconds ?? 3600n) * 1000);
				for (;;) {
					const operation = await find(name);
					if (operation.done || Date.now() >= end) return operation;
					await sleep(WAIT_MS, undefined, { signal });
				}
			},
		},
		{ waiting: ["waitOperation"] },
	);
}

function superseded(name: string): ArchgenError {
	return new ArchgenError({
		category: "NOT_FOUND",
		reason: "OPERATION_NOT_FOUND",
		message: `${name} is not the latest run of its job; GetEvolutionJob shows the job.`,
	});
}
