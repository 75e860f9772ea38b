import { randomUUID } from "node:crypto";
import { ArchgenError } from "@archgen/errors";
import { orchestrator } from "@archgen/rpc";
import type { Command } from "commander";
import { type CliContext, printResult } from "../cli/context.js";
import { bareCommand, newCommand } from "../cli/new-command.js";
import { integer } from "../cli/parsers.js";
import { describeJob, describeJobs } from "../jobs/describe-job.js";
import { historyCommand } from "../jobs/history-command.js";
import { addAddress, type JobClient, type JobOptions, jobName, withJobs } from "../jobs/job-client.js";
import { addSpecOptions, type SpecOptions, specOf } from "../jobs/job-spec.js";
import { jobTrainCommand } from "../jobs/train-command.js";
import { watchJob } from "../jobs/watch-job.js";

const { EvolutionJob } = orchestrator;

/** `archgen jobs …`: searches that an orchestrator runs and that survive restarts. */
export function jobsCommand(context: CliContext): Command {
	const command = bareCommand(context, "jobs", "Create, run, follow and stop searches on an orchestrator")
		.addCommand(createCommand(context))
		.addCommand(listCommand(context))
		.addCommand(historyCommand(context))
		.addCommand(jobTrainCommand(context));
	for (const action of ACTIONS) command.addCommand(actionCommand(context, action));
	return command;
}

interface CreateOptions extends SpecOptions, JobOptions {
	readonly id: string;
	readonly validateOnly?: boolean;
	readonly run?: boolean;
}

function createCommand(context: CliContext): Command {
	const text = {
		name: "create",
		description: "Create a search, and with --run start it",
		examples: [
			"jobs create --id cifar-1m --input 32 --classes 10 --max-parameter-count 1M --evaluations 2000 --run",
			"jobs create --max-flop-count 450M --strategy ageing --validate-only --json",
		],
	};
	return addAddress(addSpecOptions(newCommand(context, text)))
		.option("--id <id>", "identifier of the job; made up unless given", "")
		.option("--validate-only", "check and create nothing")
		.option("--run", "start it at once")
		.action(async (options: CreateOptions) => {
			const job = await withJobs(context, options, (jobs) => create(jobs, options));
			printJob(context, options, job);
		});
}

async function create(jobs: JobClient, { id, validateOnly, run, ...options }: CreateOptions) {
	const request = {
		evolutionJob: EvolutionJob.fromPartial({ spec: await specOf(options) }),
		evolutionJobId: id,
		validateOnly: validateOnly ?? false,
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
	return (await jobs.getEvolutionJob({ name: evolutionJob!.name })).evolutionJob!;
}

function isLost(failure: unknown): boolean {
	return failure instanceof ArchgenError && failure.category === "UNAVAILABLE";
}

function listCommand(context: CliContext): Command {
	const text = {
		name: "list",
		description: "List the jobs of an orchestrator, the latest first",
		examples: ["jobs list --page-size 50 --json"],
	};
	interface ListOptions extends JobOptions {
		readonly pageSize: number;
		readonly pageToken: string;
	}
	return addAddress(newCommand(context, text))
		.option("--page-size <n>", "jobs in a page", integer({ min: 1, max: 100 }), 20)
		.option("--page-token <token>", "page to show, from the page before", "")
		.action(async (options: ListOptions) => {
			const page = await withJobs(context, options, (jobs) => jobs.listEvolutionJobs(options));
			if (options.json) {
				printResult(context, options, orchestrator.ListEvolutionJobsResponse.toJSON(page), String);
			} else printResult(context, options, page, describeJobs);
		});
}

interface Action {
	readonly name: string;
	readonly description: string;
	readonly run: (jobs: JobClient, name: string, context: CliContext) => Promise<orchestrator.EvolutionJob>;
}

const shown = async (jobs: JobClient, name: string) => (await jobs.getEvolutionJob({ name })).evolutionJob!;

const ACTIONS: readonly Action[] = [
	{
		name: "run",
		description: "Run a job that was created, was cancelled or has failed",
		run: (jobs, name) => jobs.runEvolutionJob({ name }).then(() => shown(jobs, name)),
	},
	{ name: "get", description: "Show a job", run: shown },
	{
		name: "watch",
		description: "Follow a job until it has ended; Ctrl-C leaves it running",
		run: (jobs, name, context) => watchJob(context, jobs, name),
	},
	{
		name: "cancel",
		description: "Stop a job; it can be resumed",
		run: async (jobs, name) => (await jobs.cancelEvolutionJob({ name })).evolutionJob!,
	},
	{
		name: "resume",
		description: "Continue a job that was cancelled, has failed, or whose orchestrator is gone",
		run: (jobs, name) => jobs.resumeEvolutionJob({ name }).then(() => shown(jobs, name)),
	},
	{
		name: "delete",
		description: "Delete a job that does not run, with its history",
		run: async (jobs, name) => {
			const job = await shown(jobs, name);
			await jobs.deleteEvolutionJob({ name });
			return job;
		},
	},
];

function actionCommand(context: CliContext, { name, description, run }: Action): Command {
	const text = { name, description, examples: [`jobs ${name} cifar-1m`, `jobs ${name} cifar-1m --json`] };
	return addAddress(newCommand(context, text))
		.argument("<job>", "identifier of the job")
		.action(async (job: string, options: JobOptions) => {
			printJob(
				context,
				options,
				await withJobs(context, options, (jobs) => run(jobs, jobName(job), context)),
			);
		});
}

function printJob(context: CliContext, options: JobOptions, job: orchestrator.EvolutionJob): void {
	if (options.json) printResult(context, options, EvolutionJob.toJSON(job), String);
	else printResult(context, options, job, describeJob);
}
