import { ArchgenError, type FieldViolation } from "@archgen/errors";
import type { MethodDefinition } from "../service-definition.js";

/** In the place of a request whose bytes are no message of its type; grpc-js would answer INTERNAL. */
const MALFORMED = Symbol("malformed request");

/** Reads requests of a method; bytes that cannot be read become a mark that {@link requireCleanRequest} refuses. */
export function lenientDeserialize(method: MethodDefinition<unknown, unknown>): (bytes: Buffer) => unknown {
	return (bytes) => {
		try {
			return method.requestDeserialize(bytes);
		} catch {
			return MALFORMED;
		}
	};
}

/** Longest text of a request, in UTF-16 units: names, identifiers, tokens, devices are far shorter. */
const MAX_TEXT = 1024;
/** Deepest nesting that is looked into; no message of the protocol is deeper. */
const MAX_DEPTH = 32;
/** Fields of 64 bits that are taken whole; all others are counted with and have to be exact numbers. */
const WHOLE_64_BITS: ReadonlySet<string> = new Set(["seed"]);
const MOST_VIOLATIONS = 16;

/**
 * Checks what holds for every request whatever its method: texts are short and without NUL bytes, and numbers of 64 bits are exact as
 * JavaScript numbers, seeds excepted.
 *
 * @throws INVALID_ARGUMENT naming the fields as the protocol writes them and saying what was sent
 */
export function requireCleanRequest(message: unknown): void {
	if (message === MALFORMED) throw malformed();
	const violations: FieldViolation[] = [];
	visit(message, "", "", 0, violations);
	if (violations.length === 0) return;
	throw new ArgumentError(violations);
}

function malformed(): ArchgenError {
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "MALFORMED_REQUEST",
		message: "The bytes of the request are no message of its type; compile the protocol anew.",
	});
}

class ArgumentError extends ArchgenError {
	constructor(violations: readonly FieldViolation[]) {
		super({
			category: "INVALID_ARGUMENT",
			reason: "INVALID_FIELD",
			message: violations.map(({ field, description }) => `${field}: ${description}`).join("; "),
			violations,
		});
	}
}

function visit(value: unknown, path: string, key: string, depth: number, violations: FieldViolation[]): void {
	if (violations.length >= MOST_VIOLATIONS) return;
	const description = problemOf(value, key);
	if (description !== undefined) violations.push({ field: path, description });
	if (typeof value !== "object" || value === null || depth > MAX_DEPTH || ArrayBuffer.isView(value)) return;
	if (Array.isArray(value)) {
		// Numbers of a vector are checked by whoever knows the vector.
		if (typeof value[0] === "number") return;
		for (const [i, item] of value.entries()) visit(item, `${path}[${i}]`, key, depth + 1, violations);
		return;
	}
	if (value instanceof Date) return;
	// A oneof is an object that names its field.
	const oneof = value as { $case?: string; value?: unknown };
	if (typeof oneof.$case === "string") {
		visit(oneof.value, parentOf(path, oneof.$case), oneof.$case, depth + 1, violations);
		return;
	}
	for (const [name, inner] of Object.entries(value))
		visit(inner, path === "" ? snake(name) : `${path}.${snake(name)}`, name, depth + 1, violations);
}

/** The protocol has no level for a oneof: its fields lie beside those of the message. */
function parentOf(path: string, name: string): string {
	const parent = path.slice(0, Math.max(0, path.lastIndexOf(".")));
	return parent === "" ? snake(name) : `${parent}.${snake(name)}`;
}

function problemOf(value: unknown, key: string): string | undefined {
	if (typeof value === "bigint") {
		if (WHOLE_64_BITS.has(key)) return undefined;
		if (value > BigInt(Number.MAX_SAFE_INTEGER))
			return `must be at most ${Number.MAX_SAFE_INTEGER}, not ${value}; leave it out for no limit.`;
		if (value < BigInt(Number.MIN_SAFE_INTEGER))
			return `must be at least ${Number.MIN_SAFE_INTEGER}, not ${value}.`;
		return undefined;
	}
	if (typeof value !== "string") return undefined;
	if (value.length > MAX_TEXT) return `must be at most ${MAX_TEXT} characters, not ${value.length}.`;
	return value.includes("\0") ? "must not hold NUL bytes." : undefined;
}

function snake(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
