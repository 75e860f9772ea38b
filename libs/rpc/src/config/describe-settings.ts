import type { z } from "zod";
import { type Leaf, leavesOf } from "./leaves.js";

/** A setting as people read it. */
export interface SettingDescription {
	/** As a flag, e.g. `--limits-drain-ms`. */
	readonly flag: string;
	readonly variable: string;
	/** JSON of the default; empty for none. */
	readonly usual: string;
	/** One sentence; empty where the schema says nothing. */
	readonly description: string;
}

/** Every setting of a schema, in its order. */
export function describeSettings(schema: z.ZodObject): SettingDescription[] {
	return leavesOf(schema).map((leaf) => ({
		flag: `--${leaf.flag}`,
		variable: leaf.variable,
		usual: usualOf(leaf),
		description: leaf.schema.description ?? "",
	}));
}

function usualOf({ schema }: Leaf): string {
	const { success, data } = schema.safeParse(undefined);
	return success && data !== undefined ? JSON.stringify(data) : "";
}

/** The help of a service. */
export function helpText(service: string, schema: z.ZodObject): string {
	const blocks = describeSettings(schema).map(({ flag, variable, usual, description }) =>
		[`  ${flag}, ${variable}${usual === "" ? "" : ` (default: ${usual})`}`, `      ${description}`].join(
			"\n",
		),
	);
	return [
		`Usage: node services/${service}/dist/main.js [--config FILE] [--SETTING VALUE ...]`,
		"",
		`Starts the ${service} service and prints one line of JSON with its address once it answers. Settings come from the JSON`,
		"file that --config or ARCHGEN_CONFIG names, then from the environment, then from flags; later ones win.",
		"",
		"Settings:",
		...blocks,
		"",
		"Example:",
		`  $ node services/${service}/dist/main.js --port 0 --log-level debug`,
		"",
	].join("\n");
}
