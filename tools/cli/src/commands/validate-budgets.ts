import { validateBundleBudgets } from "@archgen/experiments";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { type CliContext, type CommonOptions, integer, newCommand, printResult } from "../cli/index.js";

interface Options extends ModelOptions, CommonOptions {
	readonly networks: number;
	readonly perRequest: number;
	readonly seed: number;
	readonly cellGenerator: string;
	readonly workers: number;
}

/** `archgen validate budgets`: whether what is generated keeps its budget. */
export function budgetsCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "budgets",
		description:
			"Generate networks under random combinations of bounds and count how many meet them, with and without the budget mask, and how much of them is used",
		examples: ["validate budgets --networks 10000 --per-request 10 --seed 0 --json"],
	});
	return addModelOptions(command)
		.option("--networks <n>", "networks to generate in all", integer({ min: 1, max: 1_000_000 }), 1000)
		.option(
			"--per-request <n>",
			"networks under one combination of bounds",
			integer({ min: 1, max: 1000 }),
			10,
		)
		.option("--seed <n>", "seed of bounds and networks", integer(), 0)
		.option("--cell-generator <name>", "generator of the cells, as models show lists it, or random", "flow")
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.action(async (options: Options) => {
			const bundle = await openModel(options, context);
			printResult(context, options, await validateBundleBudgets(context, bundle, options), (report) =>
				fields({ ...report, dropped: JSON.stringify(report.dropped), use: JSON.stringify(report.use) }),
			);
		});
}
