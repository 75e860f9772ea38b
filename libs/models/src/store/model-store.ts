import type { BundleManifest } from "./manifest-schema.js";

/** The label that services load unless told otherwise. */
export const DEFAULT_LABEL = "default";

/** One version of a model by its own name or by the label that points to it. */
export type VersionSelector = { readonly version: string } | { readonly label: string };

/** What is known of a bundle before it is written. */
export type BundleDraft = Pick<BundleManifest, "name" | "version" | "trainedOn" | "metrics"> & {
	/** Its generators; one of each kind whose files are there unless given, see `listGenerators`. */
	readonly generators?: BundleManifest["generators"];
};

/** One file to put into a bundle: its bytes, or a file on this machine to copy. */
export type BundleContent = { readonly path: string } & (
	| { readonly bytes: Uint8Array }
	| { readonly from: string }
);

/** A verified bundle on this machine's disk. */
export interface Bundle {
	readonly manifest: BundleManifest;
	/** Absolute path of the folder that holds the files under their paths. */
	readonly folder: string;
	/** Absolute path of a listed file. Throws `BUNDLE_FILE_MISSING`. */
	locate(path: string): string;
	/** The bytes of a listed file, verified again as they are read. */
	read(path: string): Promise<Uint8Array>;
}

export interface StoredVersion {
	readonly name: string;
	readonly version: string;
	/** Labels that point to it, sorted. */
	readonly labels: readonly string[];
}

/**
 * Versioned model bundles. What a version was trained on and its files are immutable, labels move, and what is measured later is added to its
 * metrics.
 *
 * Errors of every implementation: `MODEL_NOT_FOUND` (FAILED_PRECONDITION), `VERSION_EXISTS`
 * (FAILED_PRECONDITION), `BUNDLE_*` for a damaged or incompatible bundle (DATA_LOSS, FAILED_PRECONDITION), each
 * naming the bundle; INVALID_ARGUMENT for malformed names.
 */
export interface ModelStore {
	/** Every version, sorted by name and version. Nothing is verified. */
	list(): Promise<StoredVersion[]>;
	/** The version that a label points to; undefined when there is no such label. */
	labelled(name: string, label: string): Promise<string | undefined>;
	/** Verifies everything (sizes, checksums, paths) and opens it; the label `default` unless said otherwise. */
	open(name: string, selector?: VersionSelector, signal?: AbortSignal): Promise<Bundle>;
	/** Writes a new version, all or nothing. */
	put(draft: BundleDraft, contents: readonly BundleContent[], signal?: AbortSignal): Promise<BundleManifest>;
	/**
	 * Adds what a report has measured to the metrics of a verified version, as `REPORT.NAME` and instead of all that it added before, at once for
	 * every later `open`.
	 */
	record(
		name: string,
		version: string,
		report: string,
		metrics: BundleManifest["metrics"],
		signal?: AbortSignal,
	): Promise<BundleManifest>;
	/** Points a label to an existing version, at once for every later `open`. */
	label(name: string, label: string, version: string): Promise<void>;
}
