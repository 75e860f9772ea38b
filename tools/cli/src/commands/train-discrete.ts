import { DENOISER_CONFIG, PUBLISHED_DENOISER_CONFIG } from "@archgen/discrete-diffusion";
import { invalidArgument } from "@archgen/errors";
import {
	denoiserLabels,
	describeConditions,
	type LabelOptions,
	learntConditions,
	parseConditionTarget,
	trainDenoiserFolder,
	vectorSource,
} from "@archgen/pipeline";
import {
	ARCHITECTURE_SPACE_NAMES,
	type ArchitectureSpaceName,
	architectureSpace,
} from "@archgen/search-space";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { openModel } from "../bundle/model-folder.js";
import { type CliContext, choice, integer, newCommand, printResult, several } from "../cli/index.js";
import {
	addGeneratorTrainingOptions,
	addVectorOptions,
	type GeneratorTrainingOptions,
	trainInto,
	type VectorOptions,
	withSteps,
} from "./training-options.js";

interface Options extends GeneratorTrainingOptions, VectorOptions, LabelOptions {
	readonly space: ArchitectureSpaceName;
	readonly network: keyof typeof CONFIGS;
	readonly topAmong: keyof typeof AMONG_WITHIN;
}

const CONFIGS = { small: DENOISER_CONFIG, published: PUBLISHED_DENOISER_CONFIG } as const;
const NETWORKS = Object.keys(CONFIGS) as (keyof typeof CONFIGS)[];

/** Rows among which the largest values are taken. */
const AMONG_WITHIN = { within: true, all: false } as const;
const AMONG = Object.keys(AMONG_WITHIN) as (keyof typeof AMONG_WITHIN)[];

/** `archgen train discrete`: the denoiser of discrete diffusion, from the architectures of a space and the labels of a table. */
export function trainDiscreteCommand(context: CliContext): Command {
	const spaces = ARCHITECTURE_SPACE_NAMES;
	const command = newCommand(context, {
		name: "discrete",
		description:
			"Train the denoiser of discrete diffusion, which samples architectures of a space under conditions (resumes from its checkpoint)",
		examples: [
			"train discrete --space nasbench201 --table full.csv --condition c10_val --rows 1562",
			"train discrete --space nasbench201 --table full.csv --condition c10_val=top:0.05 --condition raspi4_ms=within:10 --out runs/fast",
			"train discrete --space cells --vectors --out runs/cells/discrete",
		],
	})
		.option("--space <name>", `search space: ${spaces.join(", ")}`, choice(spaces), "nasbench201")
		.option("--out <dir>", "folder of the result and its checkpoint; runs/SPACE/discrete unless given")
		.option("--network <size>", `size of the network: ${NETWORKS.join(" or ")}`, choice(NETWORKS), "small")
		.option("--table <file>", "comma-separated table with the column arch and those of the conditions")
		.option(
			"--condition <column>",
			"class to learn: COLUMN=top:SHARE for the largest values (COLUMN alone: the largest 5 %), COLUMN=within:MOST for values up to MOST; may be repeated",
			several(parseConditionTarget),
			[],
		)
		.option(
			"--rows <n>",
			"labelled rows to train on, chosen at random; all unless given",
			integer({ min: 2 }),
		)
		.option(
			"--top-among <rows>",
			"rows among which top:SHARE is taken: within (those within every bound) or all",
			choice(AMONG),
			"within",
		);
	return addGeneratorTrainingOptions(addVectorOptions(command)).action(async (options: Options) => {
		printResult(context, options, await train(context, options), ({ conditions, ...result }) =>
			fields({ ...result, ...describeConditions(conditions) }),
		);
	});
}

async function train(context: CliContext, options: Options) {
	const space = architectureSpace(options.space);
	const { architectures } = options;
	const config = withSteps(CONFIGS[options.network], options);
	const labels = await denoiserLabels(space, options, AMONG_WITHIN[options.topAmong]);
	const vectors = options.vectors && (await vectorSource(space, () => openModel(options, context)));
	if (labels && vectors)
		throw invalidArgument("--vectors", "is a condition of its own; leave out --table and --condition");
	const folder = options.out ?? `runs/${space.name}/discrete`;
	return trainInto(context, folder, options, async (place) => {
		const job = { config, architectures, labels, ...(vectors && { vectors }), ...place };
		const { metrics, ...result } = await trainDenoiserFolder(context, space, job);
		return { ...result, steps: config.steps, conditions: learntConditions(metrics) };
	});
}
