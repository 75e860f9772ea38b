import { describeObjectives, objectiveFigures, reproduceObjectives } from "@archgen/experiments";
import { outputFolder } from "@archgen/files";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { addRecordOption, type RecordOption, recordMetrics } from "../bundle/record-metrics.js";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	number,
	printResult,
	resumable,
} from "../cli/index.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";

interface Options extends ImageOptions, ModelOptions, RecordOption, CommonOptions {
	readonly minutes: number;
	readonly cells: number;
	readonly heldOut: number;
	readonly samples: number;
	readonly seeds: number;
	readonly temperature: number;
	readonly workers: number;
	readonly work: string;
}

/** `archgen reproduce objectives`: the two objectives of the flow at equal CPU time. */
export function objectivesCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "objectives",
		description:
			'Train the flow with "nll" and with "flow-matching" for the same CPU time on latents of the bundle\'s G-VAE; compare likelihood and Table 1',
		examples: ["reproduce objectives --minutes 10 --images cifar10.bin --work runs/objectives"],
	});
	return addRecordOption(addModelOptions(addImageOptions(command)))
		.option("--minutes <n>", "CPU minutes of each training", number({ min: 0.01 }), 10)
		.option("--cells <n>", "random cells to learn from", integer({ min: 1 }), 50_000)
		.option("--held-out <n>", "further cells to measure the likelihood on", integer({ min: 2 }), 256)
		.option("--samples <n>", "samples of Table 1 for each seed", integer({ min: 2, max: 10_000 }), 20)
		.option("--seeds <n>", "sampling seeds, from --seed on", integer({ min: 1, max: 1000 }), 5)
		.option("--temperature <t>", "noise of the flow around the reference", number({ min: 0, max: 2 }), 0.7)
		.option("--workers <n>", "scoring processes", integer({ min: 1, max: 256 }), 2)
		.option("--work <dir>", "folder of checkpoints and labels, to resume from", "runs/objectives")
		.action(async (options: Options) => {
			const bundle = await openModel(options, context);
			await outputFolder("--work", options.work);
			const batch = await readBatch(options, { size: 32, classes: 10 }, context);
			const job = { ...options, bundle, batch, heldOutCells: options.heldOut };
			const hint = `Checkpoints are in ${options.work}; run the same command again to go on.`;
			const results = await resumable(context.signal, hint, () => reproduceObjectives(context, job));
			printResult(context, options, results, describeObjectives);
			await recordMetrics(context, options, bundle.manifest, "objectives", objectiveFigures(results));
		});
}
