import { describeGenerators, type GeneratorsJob, reproduceGenerators } from "@archgen/experiments";
import { defaultSearchProxy, PROXY_NAMES } from "@archgen/proxies";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	listOf,
	newCommand,
	number,
	printResult,
} from "../cli/index.js";

interface Options extends GeneratorsJob, ModelOptions, CommonOptions {}

/** `archgen reproduce generators`: the cell generators of a bundle beside each other. */
export function generatorsCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "generators",
		description:
			"Cells around references and cluster means by every cell generator of a bundle, mutations and random cells: distance, validity, uniqueness, novelty, time; best networks under three budgets",
		examples: ["reproduce generators --samples 32", "reproduce generators --temperatures 0.4,1 --json"],
	});
	return addModelOptions(command)
		.option("--samples <n>", "samples for each target", integer({ min: 2, max: 10_000 }), 32)
		.option("--references <n>", "random cells to use as references", integer({ min: 0, max: 1000 }), 10)
		.option(
			"--temperatures <list>",
			"scales of the noise, separated by commas",
			listOf(number({ min: 0.001, max: 2 })),
			[0.2, 0.4, 0.7, 1],
		)
		.option(
			"--networks <n>",
			"networks of each generator under each budget",
			integer({ min: 0, max: 1000 }),
			100,
		)
		.option("--proxy <name>", "what networks are scored by", choice(PROXY_NAMES), defaultSearchProxy({}))
		.option("--workers <n>", "scoring processes", integer({ min: 1, max: 256 }), 2)
		.option("--seed <n>", "seed of targets and cells", integer({ min: 0 }), 0)
		.action(async (options: Options) => {
			const bundle = await openModel(options, context);
			printResult(context, options, await reproduceGenerators(context, bundle, options), describeGenerators);
		});
}
