import { trainScoreFolder } from "@archgen/pipeline";
import { PUBLISHED_SCORE_CONFIG, SCORE_CONFIG, type ScoreConfig } from "@archgen/score-diffusion";
import { SPACE_NAMES, type SpaceName, searchSpace } from "@archgen/search-space";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { type CliContext, choice, newCommand, printResult } from "../cli/index.js";
import {
	addGeneratorTrainingOptions,
	type GeneratorTrainingOptions,
	trainInto,
	withSteps,
} from "./training-options.js";

interface Options extends GeneratorTrainingOptions {
	readonly space: SpaceName;
	readonly network: keyof typeof CONFIGS;
	readonly positions: boolean;
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
	})
		.option("--space <name>", `search space: ${SPACE_NAMES.join(", ")}`, choice(SPACE_NAMES), "nasbench201")
		.option("--out <dir>", "folder of the result and its checkpoint; runs/SPACE/score unless given")
		.option("--network <size>", `size of the network: ${NETWORKS.join(" or ")}`, choice(NETWORKS), "small")
		.option("--no-positions", "do not tell nodes their position");
	return addGeneratorTrainingOptions(command).action(async (options: Options) => {
		printResult(context, options, await train(context, options), (result) => fields(result));
	});
}

async function train(context: CliContext, options: Options) {
	const space = searchSpace(options.space);
	const { architectures } = options;
	const config = configOf(options);
	const folder = options.out ?? `runs/${space.name}/score`;
	return trainInto(context, folder, options, async (place) => {
		const result = await trainScoreFolder(context, space, { config, architectures, ...place });
		return { ...result, steps: config.steps };
	});
}

function configOf(options: Options): ScoreConfig {
	const config = withSteps(CONFIGS[options.network], options);
	return { ...config, size: { ...config.size, positions: options.positions } };
}
