import { FolderModelStore } from "@archgen/models";
import { type NewVersion, PROFILES, writeVersion } from "@archgen/pipeline";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { addFormer, addVersionOption, MODELS_OPTION, modelsFolder } from "../bundle/model-folder.js";
import { type CliContext, type CommonOptions, newCommand, printResult } from "../cli/index.js";

/** What a bundle is made of and where it goes. */
export interface BundleOptions extends CommonOptions, NewVersion {
	readonly models?: string;
}

/** `archgen train bundle`: writes the models of a work folder as a new version. */
export function bundleCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "bundle",
		description: "Write the trained models as a new, immutable version of a bundle and point a label to it",
		examples: [
			"train bundle --profile default --work runs/default --models models --model default --model-version 2",
			"train bundle --base 7 --score runs/cells/score --discrete runs/cells/discrete --models runs/models --model-version 8",
		],
	})
		.option("--profile <name>", `training recipe: ${Object.keys(PROFILES).join(", ")}`, "default")
		.option("--work <dir>", "folder of the training; runs/PROFILE unless given")
		.option("--base <version>", "take all models from this version of the bundle instead of a training")
		.option("--score <dir>", "add the cell generator that train diffusion --space cells --vectors wrote")
		.option("--discrete <dir>", "add the cell generator that train discrete --space cells --vectors wrote");
	return addBundleOptions(command).action(async (options: BundleOptions) => {
		printResult(context, options, await writeInto(context, options), (result) => fields(result));
	});
}

/** Adds the options that say where a bundle goes. */
export function addBundleOptions(command: Command): Command {
	command.option(...MODELS_OPTION).option("--model <name>", "name of the bundle", "default");
	addFormer(command, "model", ["name"]);
	return addVersionOption(command, "version to write, which must not exist", ["version"], "1").option(
		"--label <label>",
		'label to point to the new version; services load "default"',
		"default",
	);
}

/** Writes a version of a bundle to the folder that the options name. */
export async function writeInto(context: CliContext, options: BundleOptions) {
	const folder = modelsFolder(options, context);
	return { folder, ...(await writeVersion(new FolderModelStore(folder), options, context.signal)) };
}
