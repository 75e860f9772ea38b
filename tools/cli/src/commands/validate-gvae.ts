import { describeGvae, gvaeFigures, validateGvae } from "@archgen/experiments";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { addRecordOption, type RecordOption, recordMetrics } from "../bundle/record-metrics.js";
import { type CliContext, type CommonOptions, integer, newCommand, printResult } from "../cli/index.js";

interface Options extends ModelOptions, RecordOption, CommonOptions {
	readonly cells: number;
	readonly samples: number;
	readonly labels?: string;
	readonly trainedOn?: string;
	readonly workers: number;
}

/** `archgen validate gvae`: what a bundle's G-VAE does on cells that it has not seen. */
export function gvaeCommand(context: CliContext): Command {
	const text = {
		name: "gvae",
		description:
			"Measure a bundle's G-VAE on unseen cells: exact reconstruction by size, samples of the prior, and with --labels the predictor and how latents follow zero-cost vectors",
		examples: ["validate gvae --cells 10000 --samples 10000 --labels runs/default/labels.jsonl --json"],
	};
	return addRecordOption(addModelOptions(newCommand(context, text)))
		.option("--cells <n>", "random cells to reconstruct", integer({ min: 1, max: 10_000_000 }), 10_000)
		.option("--samples <n>", "samples of the prior to decode", integer({ min: 1, max: 1_000_000 }), 10_000)
		.option(
			"--labels <file>",
			"labelled cells; those that training did not see are compared with predictor and latents",
		)
		.option("--trained-on <file>", "labels that the bundle was trained on; those of --labels unless given")
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.action(async (options: Options) => {
			const result = await validateGvae(context, await openModel(options, context), options);
			printResult(context, options, result, describeGvae);
			await recordMetrics(context, options, result, "validation.gvae", gvaeFigures(result));
		});
}
