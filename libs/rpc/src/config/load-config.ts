import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { parseJson } from "@archgen/files";
import type { z } from "zod";
import { type Leaf, leavesOf, parseText } from "./leaves.js";

/** Where settings come from; later ones win. */
export interface ConfigSources {
	/** Arguments of the command line, e.g. `["--port", "0"]`. `--config FILE` names a JSON file. */
	readonly flags?: readonly string[];
	/** Environment; variables that no setting is named after are left alone. `ARCHGEN_CONFIG` names a JSON file. */
	readonly environment?: Readonly<Record<string, string | undefined>>;
}

type Tree = { [key: string]: unknown };

/**
 * Loads a typed configuration: file, then environment, then flags. Setting `limits.drainMs` is `{"limits":{"drainMs":…}}` in the
 * file, `ARCHGEN_LIMITS_DRAIN_MS` in the environment and `--limits-drain-ms` as a flag.
 *
 * @param schema a zod object; make it strict so that misspelt keys of the file are found
 * @throws INVALID_ARGUMENT with one violation for each offending key, named as the user wrote it
 */
export function loadConfig<T extends z.ZodObject>(schema: T, sources: ConfigSources): z.output<T> {
	const { flags = [], environment = {} } = sources;
	const leaves = leavesOf(schema);
	const given = parseFlags(flags, leaves);
	const file = given.config ?? environment.ARCHGEN_CONFIG;
	const names = new Map<string, string>();
	const tree = file === undefined ? {} : readFile(file);
	for (const leaf of leaves) {
		overlay(tree, leaf, environment[leaf.variable], leaf.variable, names);
		overlay(tree, leaf, given[leaf.flag], `--${leaf.flag}`, names);
	}
	const parsed = schema.safeParse(tree);
	if (!parsed.success) {
		throw invalidConfig(parsed.error, names);
	}
	return parsed.data;
}

/** What is wrong with a flag, by the code of the error that `parseArgs` throws. */
const FLAG_PROBLEMS: Readonly<Record<string, string>> = {
	ERR_PARSE_ARGS_UNKNOWN_OPTION: "is not a flag of this program.",
	ERR_PARSE_ARGS_INVALID_OPTION_VALUE: "needs a value.",
	ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: "is not expected; settings are given as --name value.",
};

function parseFlags(flags: readonly string[], leaves: readonly Leaf[]): Partial<Record<string, string>> {
	const names = ["config", ...leaves.map((leaf) => leaf.flag)];
	const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
	try {
		return parseArgs({ args: [...flags], options, strict: true }).values;
	} catch (failure) {
		const { code = "", message } = failure as NodeJS.ErrnoException;
		// The message begins with the flag in quotes, sometimes with `<value>` behind it.
		const flag = /'([^\s']+)/.exec(message)?.[1] ?? "flags";
		throw invalidArgument(flag, FLAG_PROBLEMS[code] ?? message);
	}
}

function readFile(path: string): Tree {
	let content: unknown;
	try {
		content = parseJson(readFileSync(path));
	} catch (cause) {
		const why = cause instanceof SyntaxError ? "is not valid JSON." : "cannot be read.";
		throw invalidArgument("config", `${path} ${why}`, "BAD_CONFIG_FILE");
	}
	if (!isTree(content)) {
		throw invalidArgument("config", `${path} must hold a JSON object.`, "BAD_CONFIG_FILE");
	}
	return content;
}

function isTree(value: unknown): value is Tree {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function overlay(
	tree: Tree,
	leaf: Leaf,
	text: string | undefined,
	name: string,
	names: Map<string, string>,
): void {
	if (text === undefined) {
		return;
	}
	let node = tree;
	for (const key of leaf.path.slice(0, -1)) {
		const child = node[key];
		node[key] = isTree(child) ? child : {};
		node = node[key] as Tree;
	}
	node[leaf.path.at(-1)!] = parseText(leaf.schema, text);
	names.set(leaf.path.join("."), name);
}

function invalidConfig(error: z.ZodError, names: ReadonlyMap<string, string>): ArchgenError {
	const violations = error.issues.flatMap((issue) => {
		const keys = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
		return keys.map((key) => {
			const path = [...issue.path, ...(key === undefined ? [] : [key])].join(".");
			return {
				field: nameOf(path, names),
				description: key === undefined ? issue.message : "is not a setting.",
			};
		});
	});
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "INVALID_CONFIGURATION",
		message: violations.map(({ field, description }) => `${field}: ${description}`).join("; "),
		violations,
	});
}

/** The name under which the user gave the setting, also when the complaint is about something inside it. */
function nameOf(path: string, names: ReadonlyMap<string, string>): string {
	const given = [...names.keys()].find((key) => path === key || path.startsWith(`${key}.`));
	return given === undefined ? path : names.get(given)!;
}
