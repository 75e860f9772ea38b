import { type MachineProfile, type ProfileJob, profileMachine } from "@archgen/pipeline";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { type CliContext, type CommonOptions, integer, newCommand, printResult } from "../cli/index.js";

interface Options extends CommonOptions, ProfileJob {}

/** `archgen profile-latency`: a latency table of this machine. */
export function profileLatencyCommand(context: CliContext): Command {
	const text = {
		name: "profile-latency",
		description:
			"Measure the operations of random networks on this machine's onnxruntime and write a latency table (CSV or JSON), then compare " +
			"predicted and measured latency of other random networks",
		examples: [
			"profile-latency --out runs/latency.csv --check 40",
			"profile-latency --networks 100 --out runs/latency.json",
		],
	};
	return newCommand(context, text)
		.option("--out <file>", "table to write, CSV or JSON by its ending", "runs/latency.csv")
		.option("--networks <n>", "random networks to profile", integer({ min: 1, max: 10_000 }), 400)
		.option("--threads <n>", "threads of onnxruntime", integer({ min: 1, max: 256 }), 1)
		.option("--check <n>", "random networks to predict and measure", integer({ min: 0, max: 1000 }), 40)
		.option("--check-only", "compare only, with the table in --out instead of a new one")
		.option("--seed <n>", "seed of the random networks", integer(), 0)
		.action(async (options: Options) => {
			printResult(context, options, await profileMachine(context, options), (result) => fields(flat(result)));
		});
}

function flat({ file, entries, check }: MachineProfile): Record<string, string | number> {
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
