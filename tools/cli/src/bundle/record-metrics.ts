import type { BundleManifest } from "@archgen/models";
import type { Command } from "commander";
import type { CliContext } from "../cli/index.js";
import { type ModelOptions, openStore } from "./model-folder.js";

export interface RecordOption {
	readonly record?: true;
}

/** Adds `--record` to a command that measures a bundle. */
export function addRecordOption(command: Command): Command {
	return command.option("--record", "also add the figures to the metrics in the bundle's manifest");
}

/**
 * If `--record` was given: adds figures to the bundle's manifest, as `report.name.name` and instead of the report's former ones.
 *
 * @param figures numbers by name, in groups of any depth; null where there is none
 */
export async function recordMetrics(
	context: CliContext,
	options: ModelOptions & RecordOption,
	{ name, version }: Pick<BundleManifest, "name" | "version">,
	report: string,
	figures: object,
): Promise<void> {
	if (!options.record) return;
	const metrics = Object.fromEntries(flatten(figures));
	await openStore(options, context).record(name, version, report, metrics, context.signal);
	context.stderr.write(`Recorded ${Object.keys(metrics).length} figures of ${name} ${version}.\n`);
}

function flatten(figures: object): [string, number][] {
	return Object.entries(figures).flatMap(([name, value]): [string, number][] => {
		if (value === null) return [];
		if (typeof value === "number") return [[name, value]];
		return flatten(value).map(([inner, number]) => [`${name}.${inner}`, number]);
	});
}
