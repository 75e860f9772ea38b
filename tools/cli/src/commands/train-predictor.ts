import { naming, outputFolder } from "@archgen/files";
import { fitPredictor, readPropertyTable } from "@archgen/pipeline";
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
	resumable,
} from "../cli/index.js";

interface Options extends CommonOptions {
	readonly space: SpaceName;
	readonly table: string;
	readonly target: string;
	readonly rows?: number;
	readonly steps?: number;
	readonly seed: number;
	readonly out?: string;
	readonly workers: number;
	readonly restart?: boolean;
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
	return command
		.option("--space <name>", `search space: ${SPACE_NAMES.join(", ")}`, choice(SPACE_NAMES), "nasbench201")
		.requiredOption("--table <file>", "comma-separated table with the column arch and that of the target")
		.requiredOption("--target <column>", "column to predict; name latencies DEVICE_ms")
		.option("--rows <n>", "rows to train on, chosen at random; all unless given", integer({ min: 2 }))
		.option("--steps <n>", "optimiser steps; by the number of rows unless given", integer({ min: 1 }))
		.option("--seed <n>", "seed of rows, weights and noise", integer(), 0)
		.option("--out <dir>", "folder of the result and its checkpoint; runs/SPACE/TARGET unless given")
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.option("--restart", "throw the checkpoint away first")
		.action(async (options: Options) => {
			printResult(context, options, await train(context, options), (result) => fields(result));
		});
}

async function train(context: CliContext, options: Options) {
	const space = searchSpace(options.space);
	const { target, seed, steps, workers, restart = false } = options;
	const file = await naming("table", "--table", () => readPropertyTable(options.table, space, [target]));
	const folder = options.out ?? `runs/${space.name}/${target}`;
	await outputFolder("--out", folder);
	const rows = options.rows ?? file.table.architectures.length;
	const began = performance.now();
	const hint = `Run the same command again to go on from the checkpoint in ${folder}.`;
	const done = await resumable(context.signal, hint, () =>
		fitPredictor(context, space, file, {
			target,
			rows,
			seed,
			steps,
			folder,
			workers,
			restart,
		}),
	);
	const seconds = Math.round((performance.now() - began) / 100) / 10;
	return { folder, space: space.name, target, rows, seed, steps: done.steps, seconds };
}
