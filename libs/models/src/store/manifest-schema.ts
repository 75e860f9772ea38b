import { z } from "zod";

/** The manifest format that this code writes. It also reads format 1, which had no list of generators. */
export const BUNDLE_FORMAT_VERSION = 2;
export const MANIFEST_FILE = "manifest.json";

const MAX_FILES = 1_000;
/** Names of models and labels: lower case, digits, dashes. */
export const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** Versions may add dotted numbers (`2.1.0`, `cifar-1`), so none of them looks like a file name. */
export const VERSION = /^[a-z0-9][a-z0-9-]{0,31}(\.[0-9]{1,9}){0,3}$/;

/** True for a relative path with forward slashes that stays inside its folder on every operating system. */
function isSafePath(path: string): boolean {
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

const generatorSchema = z.strictObject({
	/** Name by which a request finds it. */
	name: z.string().regex(NAME),
	/** Key of `GENERATOR_KINDS`; a bundle may hold kinds that this release does not know. */
	kind: z.string().regex(NAME),
	/** Search space of what it makes. */
	space: z.string().min(1),
	/** Paths of the files that it is loaded from. */
	files: z.array(z.string()),
	/** Its measured quality by name. */
	metrics: z.record(z.string(), z.number()),
	/** What it was trained on, by training stage. */
	trainedOn: z.record(z.string(), z.json()),
});

/** The manifest of format 1: all but the list of generators. */
export const contentSchema = z.strictObject({
	name: z.string().regex(NAME),
	version: z.string().regex(VERSION),
	/** What it was trained on: data, seeds, configuration. */
	trainedOn: z.record(z.string(), z.json()),
	/** Measured quality by name. */
	metrics: z.record(z.string(), z.number()),
	files: z.array(fileSchema).min(1).max(MAX_FILES).refine(distinct, "names one file twice"),
});

/** The manifest of the present format. */
export const manifestSchema = z
	.strictObject({
		formatVersion: z.literal(BUNDLE_FORMAT_VERSION),
		...contentSchema.shape,
		generators: z.array(generatorSchema).refine(differentlyNamed, "gives two generators one name"),
	})
	.refine(listsGeneratorFiles, { path: ["generators"], error: "name a file that the bundle does not list" });

/** `manifest.json` of a bundle. */
export type BundleManifest = z.infer<typeof manifestSchema>;
/** One file of a bundle. */
export type BundleFile = z.infer<typeof fileSchema>;
/** One generator of a bundle. */
export type GeneratorEntry = z.infer<typeof generatorSchema>;

// Compared without case, as some file systems do.
function distinct(files: readonly { readonly path: string }[]): boolean {
	return new Set(files.map(({ path }) => path.toLowerCase())).size === files.length;
}

function differentlyNamed(generators: readonly { readonly name: string }[]): boolean {
	return new Set(generators.map(({ name }) => name)).size === generators.length;
}

function listsGeneratorFiles({
	files,
	generators,
}: {
	readonly files: readonly { readonly path: string }[];
	readonly generators: readonly { readonly files: readonly string[] }[];
}): boolean {
	const listed = new Set(files.map(({ path }) => path));
	return generators.every((generator) => generator.files.every((path) => listed.has(path)));
}

/** True for a well-formed name of a model or label. */
export function isName(value: string): boolean {
	return NAME.test(value);
}

/** True for a well-formed version. */
export function isVersion(value: string): boolean {
	return VERSION.test(value);
}
