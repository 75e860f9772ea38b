import { type MachineProfile, type ProfileJob, profileMachine } from "@archgen/pipeline";
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

interface Options extends CommonOptions, ProfileJob {}

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
			"operations to measure: small (about 700) or full (about 2,500)",
			choice(["small", "full"]),
			"full",
		)
		.option("--threads <n>", "threads of onnxruntime", integer({ min: 1, max: 256 }), 1)
		.option("--check <n>", "random networks to predict and measure", integer({ min: 0, max: 1000 }), 20)
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
