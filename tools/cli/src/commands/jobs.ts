import {
	createJob,
	describeJob,
	describeJobs,
	getJob,
	type JobClient,
	jobName,
	jobSpec,
	watchJob,
} from "@archgen/client";
import { orchestrator } from "@archgen/rpc";
import type { Command } from "commander";
import { bareCommand, type CliContext, integer, newCommand, printResult, resumable } from "../cli/index.js";
import { constraintsOf } from "../files/budget-options.js";
import { addSpecOptions, type SpecOptions } from "../files/job-options.js";
import { addAddress, type OrchestratorOptions, withJobs } from "../services/connection.js";
import { historyCommand } from "./jobs-history.js";
import { jobTrainCommand } from "./jobs-train.js";

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

interface CreateOptions extends SpecOptions, OrchestratorOptions {
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
			"jobs create --strategy bo --table full.csv --target c10_val --evaluations 100 --run",
		],
	};
	return addAddress(addSpecOptions(newCommand(context, text)))
		.option("--id <id>", "identifier of the job; generated unless given", "")
		.option("--validate-only", "only check the options; create nothing")
		.option("--run", "start the job at once")
		.action(async (options: CreateOptions) => {
			const { id, validateOnly = false, run = false } = options;
			const spec = await jobSpec({ ...options, constraints: constraintsOf(options) });
			const job = await withJobs(context, options, (jobs) =>
				createJob(jobs, { spec, id, validateOnly, run }),
			);
			printJob(context, options, job);
		});
}

function listCommand(context: CliContext): Command {
	const text = {
		name: "list",
		description: "List the jobs of an orchestrator, the latest first",
		examples: ["jobs list --page-size 50 --json"],
	};
	interface ListOptions extends OrchestratorOptions {
		readonly pageSize: number;
		readonly pageToken: string;
	}
	return addAddress(newCommand(context, text))
		.option("--page-size <n>", "jobs in a page", integer({ min: 1, max: 100 }), 20)
		.option("--page-token <token>", "page to show, as the page before names it; the first unless given", "")
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

const ACTIONS: readonly Action[] = [
	{
		name: "run",
		description: "Run a job that was created, was cancelled or has failed",
		run: (jobs, name) => jobs.runEvolutionJob({ name }).then(() => getJob(jobs, name)),
	},
	{ name: "get", description: "Show state, progress and best network of a job", run: getJob },
	{
		name: "watch",
		description: "Follow a job until it has ended; Ctrl-C leaves it running",
		run: (jobs, name, context) =>
			resumable(context.signal, `The job goes on; archgen jobs watch ${name} follows it again.`, () =>
				watchJob(context, jobs, name),
			),
	},
	{
		name: "cancel",
		description: "Stop a job; it can be resumed",
		run: async (jobs, name) => (await jobs.cancelEvolutionJob({ name })).evolutionJob!,
	},
	{
		name: "resume",
		description: "Continue a job that was cancelled, has failed, or whose orchestrator is gone",
		run: (jobs, name) => jobs.resumeEvolutionJob({ name }).then(() => getJob(jobs, name)),
	},
	{
		name: "delete",
		description: "Delete a job that does not run, with its history",
		run: async (jobs, name) => {
			const job = await getJob(jobs, name);
			await jobs.deleteEvolutionJob({ name });
			return job;
		},
	},
];

function actionCommand(context: CliContext, { name, description, run }: Action): Command {
	const text = { name, description, examples: [`jobs ${name} cifar-1m`, `jobs ${name} cifar-1m --json`] };
	return addAddress(newCommand(context, text))
		.argument("<job>", "identifier of the job")
		.action(async (job: string, options: OrchestratorOptions) => {
			printJob(
				context,
				options,
				await withJobs(context, options, (jobs) => run(jobs, jobName(job), context)),
			);
		});
}

function printJob(context: CliContext, options: OrchestratorOptions, job: orchestrator.EvolutionJob): void {
	if (options.json) printResult(context, options, EvolutionJob.toJSON(job), String);
	else printResult(context, options, job, describeJob);
}
