import { invalidArgument } from "@archgen/errors";
import {
	type DescField,
	type DescMessage,
	fromJson,
	type JsonValue,
	type Message,
	toJson,
} from "@bufbuild/protobuf";
import { registry } from "./protocol.js";

/** A message in the JSON mapping of protocol buffers; fields at their defaults are written too. */
export function messageToJson(schema: DescMessage, message: unknown): JsonValue {
	return toJson(schema, message as Message, { registry, alwaysEmitImplicit: true });
}

/**
 * Reads a message from the JSON mapping of protocol buffers; field names may be `lowerCamelCase` or as in the proto files.
 *
 * @throws INVALID_ARGUMENT naming the field that cannot be read, as the proto files name it
 */
export function messageFromJson(schema: DescMessage, json: unknown): Message {
	try {
		return fromJson(schema, (json ?? {}) as JsonValue, { registry });
	} catch (failure) {
		const { path, problem } = firstProblem(schema, json) ?? { path: "body", problem: reasonOf(failure) };
		throw invalidArgument(path, `${problem}.`, "UNREADABLE_FIELD");
	}
}

interface Problem {
	readonly path: string;
	readonly problem: string;
}

/** The first field of an object that cannot be read, found by reading each on its own. */
function firstProblem(schema: DescMessage, json: unknown, prefix = ""): Problem | undefined {
	if (!isObject(json)) return undefined;
	for (const [key, value] of Object.entries(json)) {
		const problem = problemOfField(schema, key, value, prefix);
		if (problem !== undefined) return problem;
	}
	return undefined;
}

function problemOfField(
	schema: DescMessage,
	key: string,
	value: unknown,
	prefix: string,
): Problem | undefined {
	const field = schema.fields.find(({ name, jsonName }) => name === key || jsonName === key);
	if (field === undefined) return { path: prefix + key, problem: `is not a field of ${schema.name}` };
	try {
		fromJson(schema, { [key]: value as JsonValue }, { registry });
		return undefined;
	} catch (failure) {
		const path = prefix + field.name;
		return problemInside(field, value, path) ?? { path, problem: reasonOf(failure) };
	}
}

/** The problem of a nested message, of a message in a list, or of one in a map. */
function problemInside(field: DescField, value: unknown, path: string): Problem | undefined {
	const schema = field.message;
	if (!schema) return undefined;
	if (field.fieldKind === "message") return firstProblem(schema, value, `${path}.`);
	const items = Array.isArray(value) ? value.entries() : isObject(value) ? Object.entries(value) : [];
	for (const [index, item] of items) {
		const problem = firstProblem(schema, item, `${path}[${index}].`);
		if (problem !== undefined) return problem;
	}
	return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reasonOf(failure: unknown): string {
	const { cause } = failure as Error;
	return (cause instanceof Error ? cause : (failure as Error)).message;
}
