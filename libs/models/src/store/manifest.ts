import { createHash } from "node:crypto";
import { ArchgenError, type ErrorCategory, type FieldViolation } from "@archgen/errors";
import { parseJson } from "@archgen/files";
import { z } from "zod";
import { listGenerators } from "../generators/list-generators.js";
import {
	BUNDLE_FORMAT_VERSION,
	type BundleManifest,
	contentSchema,
	MANIFEST_FILE,
	manifestSchema,
	NAME,
	VERSION,
} from "./manifest-schema.js";

/** The checksum of all the rest that a kept manifest has; those of early releases have none. */
const checksumSchema = z.looseObject({
	sha256: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.optional(),
});

/** How each format that can be read becomes the present one. */
const MIGRATIONS: Readonly<Record<number, (json: unknown, source: string) => BundleManifest>> = {
	1: (json, source) => {
		const { formatVersion: _, ...content } = validated(
			contentSchema.extend({ formatVersion: z.literal(1) }),
			json,
			source,
		);
		return { ...content, formatVersion: BUNDLE_FORMAT_VERSION, generators: listGenerators(content) };
	},
	[BUNDLE_FORMAT_VERSION]: (json, source) => validated(manifestSchema, json, source),
};

/**
 * Reads the text of a manifest, of an earlier format too.
 * Throws `BUNDLE_FORMAT_UNSUPPORTED` (FAILED_PRECONDITION) for another format version, else
 * `BUNDLE_MANIFEST_INVALID` (DATA_LOSS) naming the offending keys; `source` says which bundle in the message.
 */
export function parseManifest(text: string, source: string): BundleManifest {
	const json = documentIn(text, source);
	const found = z.object({ formatVersion: z.number() }).safeParse(json).data?.formatVersion;
	const read = MIGRATIONS[found ?? BUNDLE_FORMAT_VERSION];
	if (read === undefined) {
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "BUNDLE_FORMAT_UNSUPPORTED",
			message: `${source} has format version ${found}, this program reads up to ${BUNDLE_FORMAT_VERSION}; use a matching release.`,
			metadata: { bundle: source, formatVersion: String(found) },
		});
	}
	const { sha256, ...kept } = validated(checksumSchema, json, source);
	const manifest = read(kept, source);
	if (sha256 === undefined || sha256 === digestOf(kept)) return manifest;
	const description = `has SHA-256 ${digestOf(kept)}, it says ${sha256}: somebody changed it by hand, or a disk did`;
	throw manifestError(source, [{ field: MANIFEST_FILE, description }], undefined);
}

/** SHA-256 of a manifest, whatever the order of its keys. */
function digestOf(manifest: object): string {
	return createHash("sha256")
		.update(JSON.stringify(sorted(manifest)))
		.digest("hex");
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** A manifest about to be written, checked as on reading; `BUNDLE_MANIFEST_INVALID` is then INVALID_ARGUMENT. */
export function checkManifest(manifest: unknown, source: string): BundleManifest {
	return validated(manifestSchema, manifest, source, "INVALID_ARGUMENT");
}

/** The text of `manifest.json`, with its own checksum at the end. */
export function manifestText(manifest: BundleManifest): string {
	return `${JSON.stringify({ ...manifest, sha256: digestOf(manifest) }, null, "\t")}\n`;
}

const labelsSchema = z.record(z.string().regex(NAME), z.string().regex(VERSION));

/** Label → version, from the text of `labels.json`. Throws `BUNDLE_MANIFEST_INVALID`. */
export function parseLabels(text: string, source: string): Record<string, string> {
	return validated(labelsSchema, documentIn(text, source), source);
}

function documentIn(text: string, source: string): unknown {
	try {
		return parseJson(text);
	} catch (cause) {
		throw manifestError(source, [{ field: "(root)", description: "is not JSON" }], cause);
	}
}

function validated<T>(
	schema: z.ZodType<T>,
	json: unknown,
	source: string,
	category: ErrorCategory = "DATA_LOSS",
): T {
	const result = schema.safeParse(json);
	if (result.success) return result.data;
	const violations = result.error.issues.map((issue) => ({
		field: issue.path.map(String).join(".") || "(root)",
		description: issue.message,
	}));
	throw manifestError(source, violations, result.error, category);
}

function manifestError(
	source: string,
	violations: FieldViolation[],
	cause: unknown,
	category: ErrorCategory = "DATA_LOSS",
): ArchgenError {
	const [first] = violations;
	const advice = category === "DATA_LOSS" ? "replace it by an undamaged copy" : "correct it";
	return new ArchgenError({
		category,
		reason: "BUNDLE_MANIFEST_INVALID",
		message: `${source}: ${first?.field} ${first?.description}; ${advice}.`,
		violations,
		metadata: { bundle: source },
		cause,
	});
}
