import { ArchgenError, type FieldViolation, invalidArgument } from "@archgen/errors";
import type { IntegerRange } from "./limits.js";

/** Field that errors name where the whole document is wrong. */
const WHOLE = "document";

/** A JSON object with exactly the named fields, and perhaps optional ones; the top of a document (`field` "") may also have `$schema`. */
export function readObject<K extends string, O extends string = never>(
	value: unknown,
	field: string,
	keys: readonly K[],
	optional: readonly O[] = [],
): Record<K, unknown> & { readonly [P in O]?: unknown } {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw invalidArgument(field || WHOLE, "must be a JSON object");
	for (const key of keys)
		if (!Object.hasOwn(value, key)) throw invalidArgument(childField(field, key), "is missing");
	for (const key of Object.keys(value))
		if (!(field === "" && key === "$schema") && !([...keys, ...optional] as readonly string[]).includes(key))
			throw invalidArgument(
				childField(field, key),
				`is unknown; the fields are ${[...keys, ...optional].join(", ")}`,
			);
	return value as Record<K, unknown> & { readonly [P in O]?: unknown };
}

/** A JSON array. */
export function readArray(value: unknown, field: string): readonly unknown[] {
	if (!Array.isArray(value)) throw invalidArgument(field, "must be an array");
	return value;
}

/** Why a value is not a whole number of the range, or undefined when it is one. */
export function integerProblem(value: unknown, range: IntegerRange): string | undefined {
	const { minimum, maximum, multipleOf = 1 } = range;
	const fits = Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
	if (fits && (value as number) % multipleOf === 0) return undefined;
	const what = multipleOf === 1 ? "a whole number" : `a multiple of ${multipleOf}`;
	return `must be ${what} from ${minimum} to ${maximum}, got ${describe(value)}`;
}

function describe(value: unknown): string {
	return typeof value === "number" ? String(value) : (JSON.stringify(value)?.slice(0, 40) ?? String(value));
}

/** `parent.key`, or `key` at the top of a document. */
function childField(parent: string, key: string): string {
	return parent === "" ? key : `${parent}.${key}`;
}

/** Runs `body` and puts `prefix` before the fields that its INVALID_ARGUMENT error names. */
export function withFieldPrefix<T>(prefix: string, body: () => T): T {
	try {
		return body();
	} catch (error) {
		if (prefix === "" || !(error instanceof ArchgenError) || error.violations.length === 0) throw error;
		throw violationsError(
			error.violations.map(({ field, description }) => ({
				field: field === WHOLE ? prefix : childField(prefix, field),
				description,
			})),
			error.reason,
		);
	}
}

/** One INVALID_ARGUMENT error for several offending fields. */
export function violationsError(violations: readonly FieldViolation[], reason: string): ArchgenError {
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason,
		message: violations.map(({ field, description }) => `${field}: ${description}`).join("; "),
		violations,
	});
}
