import { invalidArgument } from "@archgen/errors";
import { describeFigure2, type Figure2, figure2 } from "@archgen/experiments";
import { outputFolder } from "@archgen/files";
import { PROFILES, profileOf, readLabelledCells } from "@archgen/pipeline";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	printResult,
	resumable,
} from "../cli/index.js";

interface Options extends CommonOptions {
	readonly labels: string;
	readonly profile: string;
	readonly steps?: number;
	readonly seed?: number;
	readonly hidden?: number;
	readonly components?: number;
	readonly heldOut?: number;
	readonly out: string;
	readonly workers: number;
	readonly restart?: boolean;
}

/** Share of the labelled cells that is kept back unless a number is given. */
const HELD_OUT = 0.2;

/** `archgen reproduce figure2`: the latent space with and without the triplet term. */
export function figure2Command(context: CliContext): Command {
	return newCommand(context, {
		name: "figure2",
		description:
			"Figure 2: train the G-VAE with and without the triplet term and compare how both latent spaces follow zero-cost vectors (resumes from its checkpoints)",
		examples: ["reproduce figure2 --labels runs/default/labels.jsonl --steps 2000 --out runs/figure2"],
	})
		.option("--labels <file>", "labels to train on", "runs/default/labels.jsonl")
		.option("--profile <name>", `training recipe: ${Object.keys(PROFILES).join(", ")}`, "default")
		.option(
			"--steps <n>",
			"optimiser steps of each training; those of the recipe unless given",
			integer({ min: 1 }),
		)
		.option("--seed <n>", "seed of both trainings; that of the recipe unless given", integer())
		.option(
			"--hidden <n>",
			"width of the encoder's node states; that of the recipe unless given",
			integer({ min: 1, max: 4096 }),
		)
		.option("--components <k>", "clusters; those of the recipe unless given", integer({ min: 2, max: 1000 }))
		.option("--held-out <n>", "labelled cells to keep back; a fifth unless given", integer({ min: 2 }))
		.option("--out <dir>", "folder of checkpoints, models and pictures", "runs/figure2")
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.option("--restart", "discard the checkpoints and begin anew")
		.action(async (options: Options) => {
			printResult(context, options, await run(context, options), describeFigure2);
		});
}

async function run(context: CliContext, options: Options): Promise<Figure2> {
	const profile = profileOf(options.profile);
	const labels = await readLabelledCells(options.labels);
	const { config, heldOutCells, checkpointEvery } = profile.gvae;
	const { steps = config.steps, seed = config.seed, out, workers, restart = false } = options;
	const size = { ...config.size, hidden: options.hidden ?? config.size.hidden };
	const heldOutLabels = options.heldOut ?? Math.round(HELD_OUT * labels.cells.length);
	if (labels.cells.length - heldOutLabels < 3) {
		throw invalidArgument("--held-out", `leaves fewer than three of ${labels.cells.length} labelled cells`);
	}
	await outputFolder("--out", out);
	const hint = `Run the same command again to go on from the checkpoints in ${out}.`;
	return resumable(context.signal, hint, () =>
		figure2(context, {
			labels,
			config: { ...config, steps, seed, size },
			components: options.components ?? profile.mixture.components,
			heldOutLabels,
			heldOutCells,
			checkpointEvery,
			folder: out,
			restart,
			workers,
		}),
	);
}
