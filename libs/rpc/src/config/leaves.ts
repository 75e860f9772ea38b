import { parseJson } from "@archgen/files";
import { z } from "zod";

/** One setting: where it stands in the configuration and how it is called elsewhere. */
export interface Leaf {
	readonly path: readonly string[];
	readonly schema: z.ZodType;
	/** Environment variable, e.g. `ARCHGEN_LIMITS_DRAIN_MS`. */
	readonly variable: string;
	/** Flag without dashes, e.g. `limits-drain-ms`. */
	readonly flag: string;
}

/** All settings of a schema: objects are descended into, everything else is one setting. */
export function leavesOf(schema: z.ZodType, path: readonly string[] = []): Leaf[] {
	const inner = unwrap(schema);
	if (inner instanceof z.ZodObject) {
		return Object.entries(inner.shape).flatMap(([key, value]) =>
			leavesOf(value as z.ZodType, [...path, key]),
		);
	}
	return [{ path, schema, variable: variableOf(path), flag: path.map((key) => words(key, "-")).join("-") }];
}

function unwrap(schema: z.ZodType): z.ZodType {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
		return unwrap(schema.unwrap() as z.ZodType);
	}
	return schema;
}

function variableOf(path: readonly string[]): string {
	return ["ARCHGEN", ...path.map((key) => words(key, "_").toUpperCase())].join("_");
}

function words(key: string, separator: string): string {
	return key.replace(/[A-Z]/g, (letter) => separator + letter.toLowerCase());
}

/**
 * Reads what a user wrote as text. Text that the setting takes as it is stays text; otherwise JSON (numbers, booleans, lists) and
 * comma-separated lists are tried. Of what fits nothing the reading of the right type stays, so that validation says what is
 * wrong with it, else the text.
 */
export function parseText(schema: z.ZodType, text: string): unknown {
	const parts = text.split(",").map((part) => part.trim());
	const readings = [text, documentIn(text), parts].filter((reading) => reading !== undefined);
	return (
		readings.find((reading) => schema.safeParse(reading).success) ??
		readings.find((reading) => hasType(schema, reading)) ??
		text
	);
}

/** Whether a value is at least of the type that a schema wants. */
function hasType(schema: z.ZodType, value: unknown): boolean {
	const issues = schema.safeParse(value).error?.issues ?? [];
	return !issues.some(
		(issue) => issue.code === "invalid_type" && issue.path.length === 0 && issue.expected !== "int",
	);
}

function documentIn(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}
