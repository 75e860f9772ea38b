import { validatePredictor } from "@archgen/experiments";
import { naming } from "@archgen/files";
import { readPredictor, readPropertyTable } from "@archgen/pipeline";
import { SPACE_NAMES, type SpaceName, searchSpace } from "@archgen/search-space";
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
	readonly predictor: string;
	readonly table: string;
	readonly space?: SpaceName;
	readonly target?: string;
	readonly limit?: number;
}

/** `archgen validate predictor`: rank correlation on rows that a predictor never saw. */
export function validatePredictorCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "predictor",
		description: "Rank correlation of a predictor with the rows of a table that it was not trained on",
		examples: ["validate predictor --predictor runs/c10_val --table full.csv --json"],
	});
	return command
		.requiredOption("--predictor <dir>", "folder that train predictor wrote")
		.requiredOption("--table <file>", "comma-separated table with the column arch and that of the target")
		.option("--space <name>", "search space; that of the predictor unless given", choice(SPACE_NAMES))
		.option("--target <column>", "column to compare with; that of the training unless given")
		.option("--limit <n>", "use only the first n of these rows; all unless given", integer({ min: 3 }))
		.action(async (options: Options) => {
			printResult(context, options, await validate(context, options), (result) => fields({ ...result }));
		});
}

async function validate(context: CliContext, options: Options) {
	const trained = await readPredictor(options.predictor);
	const space = searchSpace(options.space ?? trained.origin.space);
	const target = options.target ?? trained.origin.target;
	const { table } = await naming("table", "--table", () => readPropertyTable(options.table, space, [target]));
	return validatePredictor(context, space, trained, table, target, options.limit);
}
