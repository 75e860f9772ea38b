import { outputFolder } from "@archgen/files";
import { trainScoreFolder } from "@archgen/pipeline";
import { PUBLISHED_SCORE_CONFIG, SCORE_CONFIG, type ScoreConfig } from "@archgen/score-diffusion";
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
	readonly out?: string;
	readonly network: keyof typeof CONFIGS;
	readonly positions: boolean;
	readonly architectures?: number;
	readonly steps?: number;
	readonly seed: number;
	readonly workers: number;
	readonly restart?: boolean;
}

const CONFIGS = { small: SCORE_CONFIG, published: PUBLISHED_SCORE_CONFIG } as const;
const NETWORKS = Object.keys(CONFIGS) as (keyof typeof CONFIGS)[];

/** `archgen train diffusion`: the score network of a space, from its architectures alone. */
export function trainDiffusionCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "diffusion",
		description:
			"Train the score network that samples architectures of a space (resumes from its checkpoint)",
		examples: ["train diffusion --space nasbench201 --out runs/nasbench201/score"],
	});
	return command
		.option("--space <name>", `search space: ${SPACE_NAMES.join(", ")}`, choice(SPACE_NAMES), "nasbench201")
		.option("--out <dir>", "folder of the result and its checkpoint; runs/SPACE/score unless given")
		.option("--network <size>", `size of the network: ${NETWORKS.join(" or ")}`, choice(NETWORKS), "small")
		.option("--no-positions", "do not tell nodes their position")
		.option(
			"--architectures <n>",
			"distinct architectures to train on; half of the space unless given",
			integer({ min: 1, max: 1_000_000 }),
		)
		.option("--steps <n>", "optimiser steps; those of the network's size unless given", integer({ min: 1 }))
		.option("--seed <n>", "seed of training set, weights and noise", integer(), 0)
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.option("--restart", "throw the checkpoint away first")
		.action(async (options: Options) => {
			printResult(context, options, await train(context, options), (result) => fields(result));
		});
}

async function train(context: CliContext, options: Options) {
	const space = searchSpace(options.space);
	const folder = options.out ?? `runs/${space.name}/score`;
	await outputFolder("--out", folder);
	const { architectures, workers, restart = false } = options;
	const config = configOf(options);
	const began = performance.now();
	const hint = `Run the same command again to go on from the checkpoint in ${folder}.`;
	const result = await resumable(context.signal, hint, () =>
		trainScoreFolder(context, space, { config, architectures, folder, workers, restart }),
	);
	const seconds = Math.round((performance.now() - began) / 100) / 10;
	return { folder, ...result, steps: config.steps, seconds };
}

function configOf({ network, positions, steps, seed }: Options): ScoreConfig {
	const config = CONFIGS[network];
	const all = steps ?? config.steps;
	const warmupSteps = Math.min(config.warmupSteps, Math.ceil(all / 20));
	return { ...config, seed, steps: all, warmupSteps, size: { ...config.size, positions } };
}
