import { open } from "node:fs/promises";
import { parseRecord } from "@archgen/evolution";
import { goOn, orchestrator } from "@archgen/rpc";
import { fields, short, table } from "@archgen/text";
import type { Command } from "commander";
import { type CliContext, printResult } from "../cli/context.js";
import { newCommand } from "../cli/new-command.js";
import { integer } from "../cli/parsers.js";
import { addAddress, type JobClient, type JobOptions, jobName, withJobs } from "./job-client.js";

interface Options extends JobOptions {
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
		.option("--page-token <token>", "page to show, from the page before", "")
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
				} else printResult(context, options, page, describePage);
			});
		});
}

async function exportHistory(jobs: JobClient, name: string, file: string, signal: AbortSignal) {
	const out = await open(file, "w");
	let evaluations = 0;
	try {
		const open = (position: string) => jobs.exportHistory({ name, startLine: Number(position) }, { signal });
		const positionOf = ({ nextLine }: orchestrator.ExportHistoryResponse) => String(nextLine);
		for await (const { lines } of goOn(open, { positionOf, signal })) {
			await out.write(lines);
			evaluations += lines.split("\n").length - 1;
		}
	} finally {
		await out.close();
	}
	return { file, evaluations };
}

function describePage({ evaluations, nextPageToken }: orchestrator.ListEvaluationsResponse): string {
	if (evaluations.length === 0) return "There are no evaluations yet.";
	const rows = evaluations.map(({ index, score, counts, json }) => {
		const { phase, parent, mutations } = parseRecord(json);
		const changed = mutations.map(({ kind }) => kind).join("+");
		const size = [counts!.parameterCount, counts!.flopCount].map((count) => short(Number(count)));
		return [index, score.toPrecision(6), ...size, phase, parent ?? "", changed];
	});
	const text = table(["index", "score", "parameters", "flopCount", "phase", "parent", "changed"], rows);
	return nextPageToken === "" ? text : `${text}\nMore with --page-token ${nextPageToken}`;
}
