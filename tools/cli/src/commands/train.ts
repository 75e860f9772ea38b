import { existsSync } from "node:fs";
import { invalidArgument } from "@archgen/errors";
import {
	KEPT_LABELS,
	PROFILES,
	profileOf,
	type RefreshOptions,
	refreshBundle,
	refreshTask,
	runStage,
	STAGES,
	type Stage,
	type StageReport,
	type TrainingStage,
	trainCcnf,
	trainGvae,
	trainHistories,
	trainMixture,
	trainSeqgen,
	Workspace,
} from "@archgen/pipeline";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { addFormer, addVersionOption, MODELS_OPTION, openStore } from "../bundle/model-folder.js";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	number,
	printResult,
	resumable,
} from "../cli/index.js";
import { addBundleOptions, type BundleOptions, bundleCommand, writeInto } from "./train-bundle.js";
import { trainDiffusionCommand } from "./train-diffusion.js";
import { trainDiscreteCommand } from "./train-discrete.js";
import { trainGeneratorsCommand } from "./train-generators.js";
import { trainPredictorCommand } from "./train-predictor.js";

interface Options extends CommonOptions {
	readonly profile: string;
	readonly work?: string;
	readonly labels?: string;
	readonly workers: number;
	readonly restart?: boolean;
}

/** Options of `archgen train` without a step. */
interface EveryStepOptions extends Omit<Options, "profile">, Omit<BundleOptions, "profile"> {
	readonly profile?: string;
}

const TRAINING: { readonly [S in Stage]: TrainingStage } = {
	mixture: trainMixture,
	gvae: trainGvae,
	ccnf: trainCcnf,
	histories: trainHistories,
	seqgen: trainSeqgen,
};

/** Trainings that are no steps from labels to a bundle, and the writing of bundles. */
const OTHERS = [
	bundleCommand,
	trainDiffusionCommand,
	trainDiscreteCommand,
	trainPredictorCommand,
	trainGeneratorsCommand,
];

/** `archgen train …`: the steps from labels to a model bundle. */
export function trainCommand(context: CliContext): Command {
	const group = everyStepCommand(context);
	for (const [stage, { description }] of Object.entries(TRAINING) as [Stage, TrainingStage][]) {
		const command = stageCommand(context, stage, description);
		group.addCommand(stage === "seqgen" ? addRefresh(context, command) : command);
	}
	for (const create of OTHERS) group.addCommand(create(context));
	return group;
}

/** `archgen train --profile NAME`: all steps after each other, then the bundle. */
function everyStepCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "train",
		description:
			"Train the models of a bundle in a work folder, one step at a time; with --profile and no step, all steps from mixture to bundle",
		examples: [
			"train --profile default --model-version 2",
			"train gvae --profile default --work runs/default",
		],
	});
	// What stands behind the name of a step belongs to the step.
	command.enablePositionalOptions();
	command.argument("[step]", "one of the commands below; all steps from mixture to bundle unless given");
	return addStageOptions(addBundleOptions(command), undefined).action(
		async (step: string | undefined, options: EveryStepOptions) => {
			const { profile } = options;
			if (step !== undefined)
				throw invalidArgument("step", `there is no step "${step}"; choose one of ${STAGES.join(", ")}`);
			if (profile === undefined)
				throw invalidArgument(
					"--profile",
					"the name of a command is missing, or that of a recipe to train all of",
				);
			const result = await trainEveryStep(context, { ...options, profile });
			printResult(context, options, result, ({ bundle }) => fields(bundle));
		},
	);
}

async function trainEveryStep(context: CliContext, options: EveryStepOptions & Options) {
	const stages: StageReport[] = [];
	for (const stage of STAGES) stages.push(await train(context, stage, options));
	return { stages, bundle: await writeInto(context, options) };
}

function stageCommand(context: CliContext, stage: Stage, description: string): Command {
	const command = newCommand(context, {
		name: stage,
		description: `${description} (resumes from its checkpoint)`,
		examples: [`train ${stage} --profile default --work runs/default`],
	});
	return addStageOptions(command, "default").action((options: Options) =>
		runStageCommand(context, stage, options),
	);
}

function addStageOptions(command: Command, profile: string | undefined): Command {
	return command
		.option("--profile <name>", `training recipe: ${Object.keys(PROFILES).join(", ")}`, profile)
		.option("--work <dir>", "folder of this training; runs/PROFILE unless given")
		.option(
			"--labels <file>",
			"labels to train on, read by the step mixture; unless given labels.jsonl of the work folder or, without one, the shipped labels",
		)
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.option("--restart", "discard the checkpoint of the step and begin anew");
}

async function runStageCommand(context: CliContext, stage: Stage, options: Options): Promise<void> {
	const report = await train(context, stage, options);
	printResult(context, options, report, ({ metrics, seconds }) => fields({ ...metrics, seconds }));
}

/** `train seqgen --history …`: a new version of a bundle from histories of searches, outside a work folder. */
function addRefresh(context: CliContext, command: Command): Command {
	addVersionOption(command, "with --history: the new version", ["bundle-version"]);
	addFormer(command, "model", ["name"]);
	return command
		.option(
			"--history <files...>",
			"train on these histories and write a new version of a bundle, instead of a step of a training",
		)
		.option("--models <dir>", `with --history: ${MODELS_OPTION[1]}`)
		.option("--model <name>", "with --history: name of the bundle", "default")
		.option(
			"--base <version>",
			'with --history: version to start from and to take everything else from; the one labelled "default" unless given',
		)
		.option("--anew", "with --history: start from random weights and learn these histories alone")
		.option("--pretrained <dir>", "with --history: local GPT-Neo in Hugging Face's format to fine-tune")
		.option(
			"--keep <share>",
			"with --history: share of each history to learn from, above 0 to 1; 0.5 unless given",
			number({ min: 0.001, max: 1 }),
		)
		.option(
			"--exemplars <n>",
			"with --history: choose this many new exemplar cells, which stages name instead of clusters; those of the base unless given",
			integer({ min: 2, max: 4096 }),
		)
		.option(
			"--rescale <n>",
			"with --history: also learn each network, with scaled widths, for this many other image sizes, class counts and budgets; none unless given",
			integer({ min: 0, max: 100 }),
		)
		.option("--steps <n>", "with --history: optimiser steps at most; 1000 unless given", integer({ min: 1 }))
		.option("--seed <n>", "with --history: seed of the training", integer())
		.addHelpText(
			"after",
			"\nFrom histories:\n  $ archgen train seqgen --history runs/cifar-1m.jsonl runs/cifar-2m.jsonl --model-version 2",
		)
		.action(async (options: Options & RefreshOptions & { history?: readonly string[] }) => {
			if (options.history === undefined) return runStageCommand(context, "seqgen", options);
			const task = refreshTask(options, options.history);
			const result = await refreshBundle(context, openStore(options, context), task);
			printResult(context, options, result, (shown) => fields(shown));
		});
}

function defaultLabels(work: Workspace): string {
	const own = work.path("labels.jsonl");
	return existsSync(own) ? own : KEPT_LABELS;
}

function train(cli: CliContext, stage: Stage, options: Options): Promise<StageReport> {
	const profile = profileOf(options.profile);
	const work = new Workspace(options.work ?? `runs/${options.profile}`);
	const labels = options.labels ?? defaultLabels(work);
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
