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
	for (const [stage, { description }] of Object.entries(TRAINING) as [Stage, TrainingStage][])
		group.addCommand(stageCommand(context, stage, description));
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
		.action(async (options: Options) => {
			const report = await train(context, stage, options);
			printResult(context, options, report, ({ metrics, seconds }) => fields({ ...metrics, seconds }));
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
