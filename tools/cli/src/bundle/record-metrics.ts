import type { BundleManifest } from "@archgen/model-store";
import type { Command } from "commander";
import type { CliContext } from "../cli/context.js";
import { type ModelOptions, openStore } from "./model-folder.js";

export interface RecordOption {
	readonly record?: true;
}

/** Adds `--record` to a command that measures a bundle. */
export function addRecordOption(command: Command): Command {
	return command.option("--record", "also add the figures to the metrics in the bundle's manifest");
}

/**
 * If `--record` was given: adds figures to the bundle's manifest, as `title.name.name`.
 *
 * @param figures numbers by name, in groups of any depth; null where there is none
 */
export async function recordMetrics(
	context: CliContext,
	options: ModelOptions & RecordOption,
	{ name, version }: Pick<BundleManifest, "name" | "version">,
	title: string,
	figures: object,
): Promise<void> {
	if (!options.record) return;
	const metrics = Object.fromEntries(flatten(title, figures));
	await openStore(options, context).record(name, version, metrics, context.signal);
	context.stderr.write(`Recorded ${Object.keys(metrics).length} figures of ${name} ${version}.\n`);
}

function flatten(title: string, figures: object): [string, number][] {
	return Object.entries(figures).flatMap(([part, value]): [string, number][] => {
		const name = `${title}.${part}`;
		if (value === null) return [];
		return typeof value === "number" ? [[name, value]] : flatten(name, value);
	});
}
