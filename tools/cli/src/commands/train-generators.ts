import { FolderModelStore } from "@archgen/models";
import { writeSpaceBundle } from "@archgen/pipeline";
import {
	ARCHITECTURE_SPACE_NAMES,
	type ArchitectureSpaceName,
	architectureSpace,
} from "@archgen/search-space";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { addVersionOption, MODELS_OPTION, modelsFolder } from "../bundle/model-folder.js";
import { type CliContext, type CommonOptions, choice, newCommand, printResult } from "../cli/index.js";

interface Options extends CommonOptions {
	readonly space: ArchitectureSpaceName;
	readonly score?: string;
	readonly discrete?: string;
	readonly predictors: readonly string[];
	readonly models?: string;
	readonly modelVersion: string;
	readonly label: string;
}

/** `archgen train generators`: generators of architectures and predictors as a version of a bundle. */
export function trainGeneratorsCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "generators",
		description:
			"Write trained generators and predictors of a space as a new, immutable version of the bundle that has the space's name",
		examples: [
			"train generators --space nasbench201 --model-version 2 --predictors runs/nasbench201/c10_val runs/nasbench201/raspi4_ms",
			"train generators --model-version 3 --score runs/nasbench201/score --discrete runs/nasbench201/discrete",
		],
	});
	return addVersionOption(command, "version to write, which must not exist", ["version"], "1")
		.option(
			"--space <name>",
			`search space: ${ARCHITECTURE_SPACE_NAMES.join(", ")}`,
			choice(ARCHITECTURE_SPACE_NAMES),
			"nasbench201",
		)
		.option(
			"--score <dir>",
			"folder that train diffusion wrote; runs/SPACE/score unless this or --discrete is given",
		)
		.option("--discrete <dir>", "folder that train discrete wrote")
		.option(
			"--predictors <dirs...>",
			"folders that train predictor wrote; a predictor gets the name of its folder",
			[],
		)
		.option(...MODELS_OPTION)
		.option("--label <label>", "label to point to the new version", "default")
		.action(async (options: Options) => {
			printResult(context, options, await write(context, options), (result) => fields(result));
		});
}

async function write(context: CliContext, options: Options) {
	const space = architectureSpace(options.space);
	const { modelVersion: version, label, predictors, discrete } = options;
	const score = options.score ?? (discrete === undefined ? `runs/${space.name}/score` : undefined);
	const folder = modelsFolder(options, context);
	const store = new FolderModelStore(folder);
	const parts = { score, discrete, predictors, metrics: {} };
	const manifest = await writeSpaceBundle(store, space, version, parts, context.signal);
	await store.label(space.name, label, version);
	const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
	return { folder, name: space.name, version, label, files: manifest.files.length, bytes };
}
