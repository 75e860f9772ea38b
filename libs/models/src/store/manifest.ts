import { createHash } from "node:crypto";
import { ArchgenError, type ErrorCategory, type FieldViolation } from "@archgen/errors";
import { withoutMark } from "@archgen/files";
import { z } from "zod";

/** The one manifest format that this code writes and reads. */
export const BUNDLE_FORMAT_VERSION = 1;
export const MANIFEST_FILE = "manifest.json";

const MAX_FILES = 1_000;
/** Names of models and labels: lower case, digits, dashes. */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** Versions may add dotted numbers (`2.1.0`, `cifar-1`), so none of them looks like a file name. */
const VERSION = /^[a-z0-9][a-z0-9-]{0,31}(\.[0-9]{1,9}){0,3}$/;

/** True for a relative path with forward slashes that stays inside its folder on every operating system. */
export function isSafePath(path: string): boolean {
	const segments = path.split("/");
	const plain = segments.every((segment) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(segment));
	return plain && segments.length <= 8 && path !== MANIFEST_FILE;
}

const fileSchema = z.strictObject({
	path: z.string().refine(isSafePath, "is not a plain path inside the bundle"),
	/** Lower-case hexadecimal. */
	sha256: z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 digest in hexadecimal"),
	/** Size in bytes. */
	bytes: z.int().nonnegative(),
});

const manifestSchema = z.strictObject({
	formatVersion: z.literal(BUNDLE_FORMAT_VERSION),
	name: z.string().regex(NAME),
	version: z.string().regex(VERSION),
	/** What it was trained on: data, seeds, configuration. */
	trainedOn: z.record(z.string(), z.json()),
	/** Measured quality by name. */
	metrics: z.record(z.string(), z.number()),
	files: z.array(fileSchema).min(1).max(MAX_FILES).refine(distinct, "names one file twice"),
});

/** The manifest as it is kept: with a checksum of all the rest; manifests of early releases have none. */
const keptSchema = manifestSchema.extend({
	sha256: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.optional(),
});

/** `manifest.json` of a bundle. */
export type BundleManifest = z.infer<typeof manifestSchema>;
/** One file of a bundle. */
export type BundleFile = z.infer<typeof fileSchema>;

// Compared without case, as some file systems do.
function distinct(files: readonly { readonly path: string }[]): boolean {
	return new Set(files.map(({ path }) => path.toLowerCase())).size === files.length;
}

/**
 * Reads the text of a manifest.
 * Throws `BUNDLE_FORMAT_UNSUPPORTED` (FAILED_PRECONDITION) for another format version, else
 * `BUNDLE_MANIFEST_INVALID` (DATA_LOSS) naming the offending keys; `source` says which bundle in the message.
 */
export function parseManifest(text: string, source: string): BundleManifest {
	const json = parseJson(text, source);
	const found = z.object({ formatVersion: z.number() }).safeParse(json).data?.formatVersion;
	if (found !== undefined && found !== BUNDLE_FORMAT_VERSION) {
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "BUNDLE_FORMAT_UNSUPPORTED",
			message: `${source} has format version ${found}, this program reads ${BUNDLE_FORMAT_VERSION}; use a matching release.`,
			metadata: { bundle: source, formatVersion: String(found) },
		});
	}
	const { sha256, ...manifest } = validated(keptSchema, json, source);
	if (sha256 === undefined || sha256 === digestOf(manifest)) return manifest;
	const description = `has SHA-256 ${digestOf(manifest)}, it says ${sha256}: somebody changed it by hand, or a disk did`;
	throw manifestError(source, [{ field: MANIFEST_FILE, description }], undefined);
}

/** SHA-256 of a manifest, whatever the order of its keys. */
function digestOf(manifest: BundleManifest): string {
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
	return validated(labelsSchema, parseJson(text, source), source);
}

/** True for a well-formed name of a model or label. */
export function isName(value: string): boolean {
	return NAME.test(value);
}

/** True for a well-formed version. */
export function isVersion(value: string): boolean {
	return VERSION.test(value);
}

function parseJson(text: string, source: string): unknown {
	try {
		return JSON.parse(withoutMark(text));
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
