import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { readNamedText } from "@archgen/files";
import { parseLatencyTable, tableToCsv } from "@archgen/latency";
import { checkPredictions, GRIDS, processorTime, profile } from "@archgen/pipeline";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	newCommand,
	printResult,
} from "../cli/index.js";

interface Options extends CommonOptions {
	readonly out: string;
	readonly grid: keyof typeof GRIDS;
	readonly threads: number;
	readonly check: number;
	readonly checkOnly?: boolean;
	readonly seed: number;
}

/** `archgen profile-latency`: a latency table of this machine. */
export function profileLatencyCommand(context: CliContext): Command {
	const text = {
		name: "profile-latency",
		description:
			"Measure the operations of the search space on this machine's onnxruntime and write a latency table (CSV or JSON), then compare " +
			"predicted and measured latency of random networks",
		examples: [
			"profile-latency --out runs/latency.csv --check 20",
			"profile-latency --grid small --out runs/latency.json",
		],
	};
	return newCommand(context, text)
		.option("--out <file>", "table to write, CSV or JSON by its ending", "runs/latency.csv")
		.option(
			"--grid <name>",
			"small (about 700 places) or full (about 2,500)",
			choice(["small", "full"]),
			"full",
		)
		.option("--threads <n>", "threads of onnxruntime", integer({ min: 1, max: 256 }), 1)
		.option("--check <n>", "random networks to compare with", integer({ min: 0, max: 1000 }), 20)
		.option("--check-only", "compare with the table in --out instead of measuring a new one")
		.option("--seed <n>", "seed of the random networks", integer(), 0)
		.action(async (options: Options) => {
			printResult(context, options, await run(context, options), (result) => fields(flat(result)));
		});
}

async function run(context: CliContext, { out, grid, threads, check, checkOnly, seed }: Options) {
	const runtime = createInlineRuntime({ threads });
	// Threads that wait for each other compute too, so with more of them only the clock on the wall tells.
	const clock = threads === 1 ? processorTime : () => performance.now();
	const device = `${cpus()[0]?.model ?? "CPU"}, onnxruntime, ${threads} thread${threads === 1 ? "" : "s"}`;
	const table = checkOnly
		? parseLatencyTable(await readNamedText("--out", out), out)
		: await profile(context, runtime, GRIDS[grid], clock, device);
	if (!checkOnly)
		await writeFile(out, out.endsWith(".json") ? `${JSON.stringify(table)}\n` : tableToCsv(table));
	const checked =
		check < 2 ? undefined : await checkPredictions(context, runtime, table, clock, { count: check, seed });
	return {
		file: out,
		entries: table.entries.length,
		device: table.device,
		...(checked && { check: checked }),
	};
}

function flat({ file, entries, check }: Awaited<ReturnType<typeof run>>): Record<string, string | number> {
	if (check === undefined) return { file, entries };
	const { networks, spearman, meanError, withinTwoErrors } = check;
	return {
		file,
		entries,
		networks: networks.length,
		spearman,
		meanError: `${(100 * meanError).toFixed(1)} %`,
		withinTwoErrors: `${(100 * withinTwoErrors).toFixed(0)} %`,
	};
}
