import { trainScoreFolder, vectorSource } from "@archgen/pipeline";
import { PUBLISHED_SCORE_CONFIG, type ScoreConfig, smallScoreConfig } from "@archgen/score-diffusion";
import { SPACE_NAMES, type SpaceName, searchSpace } from "@archgen/search-space";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { openModel } from "../bundle/model-folder.js";
import { type CliContext, choice, newCommand, printResult } from "../cli/index.js";
import {
	addGeneratorTrainingOptions,
	addVectorOptions,
	type GeneratorTrainingOptions,
	trainInto,
	type VectorOptions,
	withSteps,
} from "./training-options.js";

interface Options extends GeneratorTrainingOptions, VectorOptions {
	readonly space: SpaceName;
	readonly network: (typeof NETWORKS)[number];
	readonly positions: boolean;
}

const NETWORKS = ["small", "published"] as const;

/** `archgen train diffusion`: the score network of a space, from its architectures alone. */
export function trainDiffusionCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "diffusion",
		description:
			"Train the score network that samples architectures of a space (resumes from its checkpoint)",
		examples: [
			"train diffusion --space nasbench201 --out runs/nasbench201/score",
			"train diffusion --space cells --vectors",
		],
	})
		.option("--space <name>", `search space: ${SPACE_NAMES.join(", ")}`, choice(SPACE_NAMES), "nasbench201")
		.option("--out <dir>", "folder of the result and its checkpoint; runs/SPACE/score unless given")
		.option("--network <size>", `size of the network: ${NETWORKS.join(" or ")}`, choice(NETWORKS), "small")
		.option("--no-positions", "leave the position of each node out of the network's input");
	return addGeneratorTrainingOptions(addVectorOptions(command)).action(async (options: Options) => {
		printResult(context, options, await train(context, options), (result) => fields(result));
	});
}

async function train(context: CliContext, options: Options) {
	const space = searchSpace(options.space);
	const { architectures } = options;
	const vectors = options.vectors && (await vectorSource(space, () => openModel(options, context)));
	const config = configOf(options);
	const folder = options.out ?? `runs/${space.name}/score`;
	return trainInto(context, folder, options, async (place) => {
		const result = await trainScoreFolder(context, space, {
			config,
			architectures,
			...(vectors && { vectors }),
			...place,
		});
		return { ...result, steps: config.steps };
	});
}

function configOf(options: Options): ScoreConfig {
	const { tensorShape } = searchSpace(options.space);
	const small = smallScoreConfig(tensorShape, options.vectors === true);
	const config = withSteps(options.network === "small" ? small : PUBLISHED_SCORE_CONFIG, options);
	return { ...config, size: { ...config.size, positions: options.positions && config.size.positions } };
}
