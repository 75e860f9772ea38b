import { describeEvaluations, exportHistory, jobName } from "@archgen/client";
import { orchestrator } from "@archgen/rpc";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { type CliContext, integer, newCommand, printResult } from "../cli/index.js";
import { addAddress, type OrchestratorOptions, withJobs } from "../services/connection.js";

interface Options extends OrchestratorOptions {
	readonly out?: string;
	readonly pageSize: number;
	readonly pageToken: string;
}

/** `archgen jobs history`: a page of a history, or all of it in a file. */
export function historyCommand(context: CliContext): Command {
	const text = {
		name: "history",
		description: "Show a page of a job's history, or write all of it as JSON lines (docs/data-formats.md)",
		examples: ["jobs history cifar-1m --page-size 20", "jobs history cifar-1m --out cifar-1m.jsonl"],
	};
	return addAddress(newCommand(context, text))
		.argument("<job>", "identifier of the job")
		.option("--out <file>", "write the whole history to this file")
		.option("--page-size <n>", "evaluations in a page", integer({ min: 1, max: 1000 }), 20)
		.option("--page-token <token>", "page to show, as the page before names it; the first unless given", "")
		.action(async (job: string, options: Options) => {
			const name = jobName(job);
			await withJobs(context, options, async (jobs) => {
				if (options.out !== undefined) {
					const written = await exportHistory(jobs, name, options.out, context.signal);
					printResult(context, options, written, fields);
					return;
				}
				const page = await jobs.listEvaluations({ parent: name, ...options });
				if (options.json) {
					printResult(context, options, orchestrator.ListEvaluationsResponse.toJSON(page), String);
				} else printResult(context, options, page, describeEvaluations);
			});
		});
}
