import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { parseManifest } from "./manifest.js";
import { type BundleFile, type BundleManifest, MANIFEST_FILE } from "./manifest-schema.js";
import type { Bundle } from "./model-store.js";

/** Limits on what a bundle may make this machine read. */
export interface BundleLimits {
	/** Sum of all files, in bytes. */
	readonly maxBytes: number;
	readonly maxManifestBytes: number;
}

export const DEFAULT_LIMITS: BundleLimits = { maxBytes: 4 * 2 ** 30, maxManifestBytes: 2 ** 20 };

/**
 * Opens a bundle folder after checking everything about it: manifest, format version, every file's presence, kind,
 * size and SHA-256, nothing unlisted beside them, no symbolic links anywhere.
 *
 * Throws `BUNDLE_NOT_FOUND` (FAILED_PRECONDITION), `BUNDLE_FORMAT_UNSUPPORTED` (FAILED_PRECONDITION), or with
 * category DATA_LOSS `BUNDLE_MANIFEST_INVALID`, `BUNDLE_SYMLINK`, `BUNDLE_FILE_MISSING`, `BUNDLE_UNLISTED_FILE`,
 * `BUNDLE_SIZE_MISMATCH`, `BUNDLE_CHECKSUM_MISMATCH`, `BUNDLE_TOO_LARGE`; metadata name bundle and file.
 */
export async function openBundle(
	folder: string,
	{ limits = DEFAULT_LIMITS, signal }: { limits?: BundleLimits; signal?: AbortSignal } = {},
): Promise<Bundle> {
	const root = resolve(folder);
	const manifest = await readManifest(root, limits);
	const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
	if (total > limits.maxBytes) {
		throw bundleError(
			"BUNDLE_TOO_LARGE",
			root,
			MANIFEST_FILE,
			`announces ${total} bytes, the limit is ${limits.maxBytes}`,
		);
	}
	await checkListing(root, manifest);
	for (const file of manifest.files) await verifyFile(root, file, signal);
	return bundleAt(root, manifest);
}

/** The manifest of a folder, read without anything else; errors as {@link openBundle}. */
export async function readManifest(root: string, limits: BundleLimits): Promise<BundleManifest> {
	const entry = await lstat(join(root, MANIFEST_FILE)).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
		throw unreadable(root, error);
	});
	if (entry === undefined) {
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "BUNDLE_NOT_FOUND",
			message: `${root} holds no ${MANIFEST_FILE}; train a model or point to a bundle folder.`,
			metadata: { bundle: root },
		});
	}
	if (!entry.isFile()) throw bundleError("BUNDLE_SYMLINK", root, MANIFEST_FILE, "is not a regular file");
	if (entry.size > limits.maxManifestBytes) {
		throw bundleError("BUNDLE_TOO_LARGE", root, MANIFEST_FILE, `has ${entry.size} bytes`);
	}
	return parseManifest(new TextDecoder().decode(await readRegular(root, MANIFEST_FILE)), root);
}

function unreadable(root: string, cause: NodeJS.ErrnoException): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "BUNDLE_UNREADABLE",
		message: `${root} cannot be read (${cause.code}); give the user of this program the right to.`,
		metadata: { bundle: root },
		cause,
	});
}

/** Everything below the folder is a directory or a listed regular file. */
async function checkListing(root: string, manifest: BundleManifest): Promise<void> {
	const listed = new Set([MANIFEST_FILE, ...manifest.files.map(({ path }) => path)]);
	for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name)
			.slice(root.length + 1)
			.split(sep)
			.join("/");
		if (entry.isDirectory()) continue;
		if (!entry.isFile())
			throw bundleError("BUNDLE_SYMLINK", root, path, "is a symbolic link or a special file");
		if (!listed.has(path))
			throw bundleError("BUNDLE_UNLISTED_FILE", root, path, "is not listed in the manifest");
		listed.delete(path);
	}
	for (const path of listed) throw bundleError("BUNDLE_FILE_MISSING", root, path, "is missing");
}

/** Checks kind, size and checksum of one file; errors as {@link openBundle}. */
export async function verifyFile(root: string, file: BundleFile, signal?: AbortSignal): Promise<void> {
	const path = join(root, file.path);
	const entry = await lstat(path).catch(() => undefined);
	if (entry === undefined) throw bundleError("BUNDLE_FILE_MISSING", root, file.path, "is missing");
	if (!entry.isFile())
		throw bundleError("BUNDLE_SYMLINK", root, file.path, "is a symbolic link or a special file");
	const { size } = entry;
	if (size !== file.bytes) {
		throw bundleError(
			"BUNDLE_SIZE_MISMATCH",
			root,
			file.path,
			`has ${size} bytes, the manifest says ${file.bytes}`,
		);
	}
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(path, { flags: "r" })) {
		throwIfAborted(signal);
		hash.update(chunk as Buffer);
	}
	checkDigest(root, file, hash.digest("hex"));
}

function checkDigest(root: string, file: BundleFile, digest: string): void {
	if (digest === file.sha256) return;
	throw bundleError(
		"BUNDLE_CHECKSUM_MISMATCH",
		root,
		file.path,
		`has SHA-256 ${digest}, the manifest says ${file.sha256}`,
	);
}

function bundleAt(folder: string, manifest: BundleManifest): Bundle {
	const find = (path: string): BundleFile => {
		const file = manifest.files.find((candidate) => candidate.path === path);
		if (file === undefined)
			throw bundleError("BUNDLE_FILE_MISSING", folder, path, "is not part of the bundle");
		return file;
	};
	return {
		manifest,
		folder,
		locate: (path) => join(folder, find(path).path),
		read: async (path) => {
			const file = find(path);
			const bytes = await readRegular(folder, path);
			checkDigest(folder, file, createHash("sha256").update(bytes).digest("hex"));
			return bytes;
		},
	};
}

/** Reads without following a symbolic link in the last step (links before it were refused by the listing). */
async function readRegular(root: string, path: string): Promise<Uint8Array> {
	const handle = await open(join(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
	try {
		return await handle.readFile();
	} finally {
		await handle.close();
	}
}

function bundleError(reason: string, bundle: string, file: string, problem: string): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason,
		message: `${bundle}: ${file} ${problem}; replace the bundle by an undamaged copy.`,
		metadata: { bundle, file },
	});
}
