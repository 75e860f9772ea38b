import { naming } from "@archgen/files";
import { fitPredictor, readPropertyTable } from "@archgen/pipeline";
import { SPACE_NAMES, type SpaceName, searchSpace } from "@archgen/search-space";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { type CliContext, choice, integer, newCommand, printResult } from "../cli/index.js";
import { addTrainingOptions, type TrainingOptions, trainInto } from "./training-options.js";

interface Options extends TrainingOptions {
	readonly space: SpaceName;
	readonly table: string;
	readonly target: string;
	readonly rows?: number;
}

/** `archgen train predictor`: a property of architectures from a table, to guide sampling with. */
export function trainPredictorCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "predictor",
		description:
			"Train a noise-aware predictor of a column of a table, which guides the sampling of architectures (resumes from its checkpoint)",
		examples: [
			"train predictor --space nasbench201 --table full.csv --target c10_val --rows 1000 --seed 0 --out runs/c10_val",
			"train predictor --space nasbench201 --table full.csv --target raspi4_ms --rows 1000 --out runs/raspi4_ms",
		],
	});
	command
		.option("--space <name>", `search space: ${SPACE_NAMES.join(", ")}`, choice(SPACE_NAMES), "nasbench201")
		.requiredOption("--table <file>", "comma-separated table with the column arch and that of the target")
		.requiredOption("--target <column>", "column to predict; a column of latencies is named DEVICE_ms")
		.option("--rows <n>", "rows to train on, chosen at random; all unless given", integer({ min: 2 }))
		.option("--out <dir>", "folder of the result and its checkpoint; runs/SPACE/TARGET unless given");
	return addTrainingOptions(command, "by the number of rows").action(async (options: Options) => {
		printResult(context, options, await train(context, options), (result) => fields(result));
	});
}

async function train(context: CliContext, options: Options) {
	const space = searchSpace(options.space);
	const { target, seed, steps } = options;
	const file = await naming("table", "--table", () => readPropertyTable(options.table, space, [target]));
	const folder = options.out ?? `runs/${space.name}/${target}`;
	const rows = options.rows ?? file.table.architectures.length;
	return trainInto(context, folder, options, async (place) => {
		const done = await fitPredictor(context, space, file, { target, rows, seed, steps, ...place });
		return { space: space.name, target, rows, seed, steps: done.steps };
	});
}
