import { join } from "node:path";
import {
	describeTable2,
	reproduceTable2,
	TABLE2_BUDGET_NAMES,
	TABLE2_METHODS,
	type Table2,
	type Table2Settings,
	table2Plot,
} from "@archgen/experiments";
import { outputFolder, writeWhole } from "@archgen/files";
import { renderSvg } from "@archgen/plots";
import { PROXY_NAMES } from "@archgen/proxies";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import {
	type CliContext,
	type CommonOptions,
	choice,
	choices,
	integer,
	newCommand,
	printResult,
	resumable,
} from "../cli/index.js";

interface Options extends ModelOptions, CommonOptions, Table2Settings {
	readonly out?: string;
}

/** `archgen reproduce table2`: what the generator saves against searches. */
export function table2Command(context: CliContext): Command {
	const command = newCommand(context, {
		name: "table2",
		description:
			"Table 2 by a proxy: the best network under a budget among those that the paper's authors released, by random search, by evolution of cells, by HL-Evo in both its " +
			"forms and without the flow, and by the generator. Hours of computation; goes on where it stopped.",
		examples: ["reproduce table2 --json", "reproduce table2 --budgets cifar-1m --seeds 1 --out docs"],
	});
	return addModelOptions(command)
		.option(
			"--budgets <list>",
			`budgets, separated by commas: ${TABLE2_BUDGET_NAMES.join(", ")}`,
			choices(TABLE2_BUDGET_NAMES),
			TABLE2_BUDGET_NAMES,
		)
		.option(
			"--methods <list>",
			`ways to a network: ${TABLE2_METHODS.join(", ")}`,
			choices(TABLE2_METHODS),
			TABLE2_METHODS,
		)
		.option("--evaluations <n>", "networks to evaluate in each search", integer({ min: 1 }), 500)
		.option(
			"--generator-evaluations <n>",
			"networks of the generator to evaluate",
			integer({ min: 1, max: 1000 }),
			100,
		)
		.option("--population <n>", "size of the populations", integer({ min: 1 }), 64)
		.option("--objective <proxy>", "what is maximised, as evolve names it", choice(PROXY_NAMES), "tcet")
		.option("--seeds <n>", "runs of each method, seeds from 0 on", integer({ min: 1 }), 3)
		.option(
			"--draws <n>",
			"draws of initial weights for a winner's score in full",
			integer({ min: 2, max: 100 }),
			3,
		)
		.option("--workers <n>", "scoring processes; only 1 is reproducible", integer({ min: 1, max: 256 }), 1)
		.option("--work <dir>", "folder of histories and finished rows", "runs/table2")
		.option("--out <dir>", "also write a picture of every budget's curves, table2-BUDGET.svg")
		.action(async (options: Options) => {
			const result = await run(context, options);
			for (const budget of options.out === undefined ? [] : options.budgets) {
				await writeWhole(
					join(options.out!, `table2-${budget}.svg`),
					await renderSvg(table2Plot(result, budget)),
				);
			}
			printResult(context, options, result, describeTable2);
		});
}

async function run(context: CliContext, options: Options): Promise<Table2> {
	const { work, out } = options;
	await outputFolder("--work", work);
	if (out !== undefined) await outputFolder("--out", out);
	const bundle = await openModel(options, context);
	const hint = `Histories and finished rows are in ${work}; run the same command again to go on.`;
	return resumable(context.signal, hint, () => reproduceTable2(context, bundle, options));
}
