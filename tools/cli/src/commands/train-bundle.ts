import { FolderModelStore } from "@archgen/models";
import { makeBundle, PROFILES, profileOf, Workspace } from "@archgen/pipeline";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { addFormer, addVersionOption, modelsFolder } from "../bundle/model-folder.js";
import { type CliContext, type CommonOptions, newCommand, printResult } from "../cli/index.js";

/** What a bundle is made of and where it goes. */
export interface BundleOptions extends CommonOptions {
	readonly profile: string;
	readonly work?: string;
	readonly models?: string;
	readonly model: string;
	readonly modelVersion: string;
	readonly label: string;
}

/** `archgen train bundle`: writes the models of a work folder as a new version. */
export function bundleCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "bundle",
		description: "Write the trained models as a new, immutable version of a bundle and point a label to it",
		examples: [
			"train bundle --profile default --work runs/default --models models --model default --model-version 2",
		],
	})
		.option("--profile <name>", `training recipe: ${Object.keys(PROFILES).join(", ")}`, "default")
		.option("--work <dir>", "folder of the training; runs/PROFILE unless given");
	return addBundleOptions(command).action(async (options: BundleOptions) => {
		printResult(context, options, await writeVersion(context, options), (result) => fields(result));
	});
}

/** Adds the options that say where a bundle goes. */
export function addBundleOptions(command: Command): Command {
	command
		.option("--models <dir>", "folder of model bundles")
		.option("--model <name>", "name of the bundle", "default");
	addFormer(command, "model", ["name"]);
	return addVersionOption(command, "its version", ["version"], "1").option(
		"--label <label>",
		"label that services load",
		"default",
	);
}

/** Writes the finished steps of a work folder as a version of a bundle. */
export async function writeVersion(context: CliContext, options: BundleOptions) {
	profileOf(options.profile);
	const { model: name, modelVersion: version, label } = options;
	const folder = modelsFolder(options, context);
	const store = new FolderModelStore(folder);
	const work = new Workspace(options.work ?? `runs/${options.profile}`);
	const { trainedOn, metrics, contents } = await makeBundle(work, options.profile);
	const manifest = await store.put({ name, version, trainedOn, metrics }, contents, context.signal);
	await store.label(name, label, version);
	const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
	return { folder, name, version, label, files: manifest.files.length, bytes };
}
