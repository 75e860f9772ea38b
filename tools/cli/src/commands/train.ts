import { invalidArgument } from "@archgen/errors";
import type { Command } from "commander";
import { type CliContext, printResult } from "../cli/context.js";
import { fields } from "../cli/format.js";
import { bareCommand, type CommonOptions, newCommand } from "../cli/new-command.js";
import { integer } from "../cli/parsers.js";
import { resumable } from "../cli/report-error.js";
import { PROFILES, profileOf } from "../profiles.js";
import { runStage, type TrainingStage } from "../training/stage.js";
import { trainCcnf } from "../training/train-ccnf.js";
import { trainGvae } from "../training/train-gvae.js";
import { trainHistories } from "../training/train-histories.js";
import { trainMixture } from "../training/train-mixture.js";
import { trainSeqgen } from "../training/train-seqgen.js";
import { type Stage, type StageReport, Workspace } from "../training/workspace.js";
import { bundleCommand } from "./train-bundle.js";
import { type RefreshOptions, refreshFromHistories } from "./train-seqgen.js";

interface Options extends CommonOptions {
	readonly profile: string;
	readonly work?: string;
	readonly labels?: string;
	readonly workers: number;
	readonly restart?: boolean;
}

const TRAINING: { readonly [S in Stage]: TrainingStage } = {
	mixture: trainMixture,
	gvae: trainGvae,
	ccnf: trainCcnf,
	histories: trainHistories,
	seqgen: trainSeqgen,
};

/** `archgen train …`: the steps from labels to a model bundle. */
export function trainCommand(context: CliContext): Command {
	const group = bareCommand(context, "train", "Train the models, step by step, in a work folder");
	for (const [stage, { description }] of Object.entries(TRAINING) as [Stage, TrainingStage][]) {
		const command = stageCommand(context, stage, description);
		group.addCommand(stage === "seqgen" ? addRefresh(context, command) : command);
	}
	group.addCommand(bundleCommand(context));
	return group;
}

function stageCommand(context: CliContext, stage: Stage, description: string): Command {
	return newCommand(context, {
		name: stage,
		description: `${description} (resumes from its checkpoint)`,
		examples: [`train ${stage} --profile default --work runs/default`],
	})
		.option("--profile <name>", `training recipe: ${Object.keys(PROFILES).join(", ")}`, "default")
		.option("--work <dir>", "folder of this training; runs/PROFILE unless given")
		.option(
			"--labels <file>",
			"labels to train on, read by the mixture; labels.jsonl of the work folder unless given",
		)
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.option("--restart", "throw the checkpoint of this step away first")
		.action((options: Options) => runStageCommand(context, stage, options));
}

async function runStageCommand(context: CliContext, stage: Stage, options: Options): Promise<void> {
	const report = await train(context, stage, options);
	printResult(context, options, report, ({ metrics, seconds }) => fields({ ...metrics, seconds }));
}

/** `train seqgen --history …`: a new version of a bundle from histories of searches, outside a work folder. */
function addRefresh(context: CliContext, command: Command): Command {
	return command
		.option("--history <files...>", "train on these histories and write a new version of a bundle instead")
		.option("--models <dir>", "with --history: folder of model bundles")
		.option("--name <name>", "with --history: name of the bundle", "default")
		.option(
			"--base <version>",
			"with --history: version that all else comes from; the default one unless given",
		)
		.option("--bundle-version <version>", "with --history: the new version")
		.option("--pretrained <dir>", "with --history: local GPT-Neo in Hugging Face's format to fine-tune")
		.option("--steps <n>", "with --history: optimiser steps at most", integer({ min: 1 }))
		.option("--seed <n>", "with --history: seed of the training", integer())
		.addHelpText(
			"after",
			"\nFrom histories:\n  $ archgen train seqgen --history runs/cifar-1m.jsonl runs/cifar-2m.jsonl --bundle-version 2",
		)
		.action(async (options: Options & RefreshOptions) => {
			if (options.history === undefined) return runStageCommand(context, "seqgen", options);
			const { bundleVersion } = options;
			if (bundleVersion === undefined) {
				throw invalidArgument("--bundle-version", "names the new version; give one.");
			}
			const result = await refreshFromHistories(context, options, bundleVersion);
			printResult(context, options, result, (shown) => fields(shown));
		});
}

function train(cli: CliContext, stage: Stage, options: Options): Promise<StageReport> {
	const profile = profileOf(options.profile);
	const work = new Workspace(options.work ?? `runs/${options.profile}`);
	const labels = options.labels ?? work.path("labels.jsonl");
	const hint = `Run the same command again to go on from the checkpoint in ${work.path(stage)}.`;
	return resumable(cli.signal, hint, () =>
		runStage(stage, TRAINING[stage], {
			cli,
			profile,
			work,
			labels,
			workers: options.workers,
			restart: options.restart ?? false,
		}),
	);
}
