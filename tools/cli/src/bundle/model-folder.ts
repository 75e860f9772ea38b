import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { invalidArgument } from "@archgen/errors";
import { type Bundle, FolderModelStore, type VersionSelector } from "@archgen/models";
import { type Command, Option } from "commander";
import type { CliContext } from "../cli/index.js";

/** Options that name a model bundle. */
export interface ModelOptions {
	readonly models?: string | undefined;
	readonly model: string;
	readonly modelVersion?: string;
}

/** The folder of bundles that comes with the repository. */
const SHIPPED = fileURLToPath(new URL("../../../../models", import.meta.url));

/** Flags and description of `--models`. */
export const MODELS_OPTION = [
	"--models <dir>",
	"folder of model bundles; ARCHGEN_MODELS, ./models or the shipped one unless given",
] as const;

/** Adds the options that name a bundle. */
export function addModelOptions(command: Command): Command {
	return command
		.option(...MODELS_OPTION)
		.option("--model <name>", "name of the bundle", "default")
		.option("--model-version <version>", 'version of the bundle; the one labelled "default" unless given');
}

/**
 * Adds `--model-version`, and earlier names of it that are still understood but not shown.
 *
 * @param former earlier names, e.g. `bundle-version`
 */
export function addVersionOption(
	command: Command,
	description: string,
	former: readonly string[],
	usual?: string,
): Command {
	command.option("--model-version <version>", description, usual);
	return addFormer(command, "modelVersion", former);
}

/** Earlier names of an option: what is given under them goes to the option of today. */
export function addFormer(command: Command, attribute: string, former: readonly string[]): Command {
	for (const name of former) {
		command.addOption(new Option(`--${name} <value>`).hideHelp());
		command.on(`option:${name}`, (value: string) =>
			command.setOptionValueWithSource(attribute, value, "cli"),
		);
	}
	return command;
}

/** The folder of bundles: as asked for, else from the environment, else `./models`, else the one of the repository. */
export function modelsFolder(
	{ models }: { readonly models?: string | undefined },
	{ environment }: CliContext,
): string {
	const asked = models ?? environment.ARCHGEN_MODELS;
	if (asked !== undefined) return resolve(asked);
	return existsSync("models") ? resolve("models") : SHIPPED;
}

/** The store in the folder of {@link modelsFolder}; INVALID_ARGUMENT naming `--models` when there is no such folder. */
export function openStore(
	options: { readonly models?: string | undefined },
	context: CliContext,
): FolderModelStore {
	const folder = modelsFolder(options, context);
	if (!existsSync(folder)) throw invalidArgument("--models", `${folder} does not exist`);
	return new FolderModelStore(folder);
}

/** Opens and verifies the bundle that the options name. */
export async function openModel(options: ModelOptions, context: CliContext): Promise<Bundle> {
	const { model, modelVersion } = options;
	const selector: VersionSelector =
		modelVersion === undefined ? { label: "default" } : { version: modelVersion };
	return openStore(options, context).open(model, selector, context.signal);
}
