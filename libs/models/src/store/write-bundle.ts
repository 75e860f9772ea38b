import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import {
	BUNDLE_FORMAT_VERSION,
	type BundleFile,
	type BundleManifest,
	checkManifest,
	MANIFEST_FILE,
	manifestText,
} from "./manifest.js";
import type { BundleContent, BundleDraft } from "./model-store.js";

const ANY_DIGEST = "0".repeat(64);

/**
 * Writes a bundle to `folder`, which appears complete or not at all: everything goes to a temporary folder beside it,
 * is flushed to disk, and is renamed.
 *
 * Throws `VERSION_EXISTS` when the folder is there already and `BUNDLE_MANIFEST_INVALID` for unsafe paths or names.
 */
export async function writeBundle(
	folder: string,
	draft: BundleDraft,
	contents: readonly BundleContent[],
	signal?: AbortSignal,
): Promise<BundleManifest> {
	const announced = contents.map(({ path }) => ({ path, sha256: ANY_DIGEST, bytes: 0 }));
	// Paths are checked before anything is written.
	checkManifest({ formatVersion: BUNDLE_FORMAT_VERSION, ...draft, files: announced }, folder);
	const parent = dirname(folder);
	await mkdir(parent, { recursive: true });
	const temporary = await mkdtemp(join(parent, `.tmp-${basename(folder)}-`));
	try {
		const manifest = await fill(temporary, draft, contents, signal);
		await moveInto(temporary, folder);
		return manifest;
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

/** Replaces a file by new text in one step, durably. */
export async function replaceFile(path: string, text: string): Promise<void> {
	const temporary = await mkdtemp(join(dirname(path), ".tmp-"));
	try {
		await writeFile(join(temporary, "new"), text);
		await flush(join(temporary, "new"));
		await rename(join(temporary, "new"), path);
		await flush(dirname(path));
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

async function fill(
	temporary: string,
	{ name, version, trainedOn, metrics }: BundleDraft,
	contents: readonly BundleContent[],
	signal?: AbortSignal,
): Promise<BundleManifest> {
	const files: BundleFile[] = [];
	for (const content of contents) {
		throwIfAborted(signal);
		files.push(await writeContent(temporary, content));
	}
	files.sort((a, b) => (a.path < b.path ? -1 : 1));
	const draft = { formatVersion: BUNDLE_FORMAT_VERSION, name, version, trainedOn, metrics, files };
	const manifest = checkManifest(draft, name);
	await writeFile(join(temporary, MANIFEST_FILE), manifestText(manifest));
	await flush(join(temporary, MANIFEST_FILE));
	await flush(temporary);
	return manifest;
}

async function writeContent(temporary: string, content: BundleContent): Promise<BundleFile> {
	const target = join(temporary, content.path);
	await mkdir(dirname(target), { recursive: true });
	if ("bytes" in content) await writeFile(target, content.bytes);
	else await copyFile(content.from, target);
	await flush(target);
	// Hashed from what now stands on disk, so a source that changes while it is copied cannot lie.
	const bytes = await readFile(target);
	return {
		path: content.path,
		sha256: createHash("sha256").update(bytes).digest("hex"),
		bytes: bytes.length,
	};
}

async function moveInto(temporary: string, folder: string): Promise<void> {
	try {
		await rename(temporary, folder);
	} catch (cause) {
		const code = (cause as NodeJS.ErrnoException).code;
		if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "EPERM") throw cause;
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "VERSION_EXISTS",
			message: `${folder} exists already and versions are immutable; choose a new version.`,
			metadata: { bundle: folder },
			cause,
		});
	}
	await flush(dirname(folder));
}

async function flush(path: string): Promise<void> {
	const handle = await open(path, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}
