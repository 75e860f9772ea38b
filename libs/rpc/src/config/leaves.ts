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
 * comma-separated lists are tried. What fits nothing stays text, so that validation names it.
 */
export function parseText(schema: z.ZodType, text: string): unknown {
	const readings = [text, parseJson(text), text.split(",").map((part) => part.trim())];
	return readings.find((reading) => reading !== undefined && schema.safeParse(reading).success) ?? text;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
