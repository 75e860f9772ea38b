import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { listGenerators } from "../generators/list-generators.js";
import { checkManifest, manifestText } from "./manifest.js";
import {
	BUNDLE_FORMAT_VERSION,
	type BundleFile,
	type BundleManifest,
	MANIFEST_FILE,
} from "./manifest-schema.js";
import type { BundleContent, BundleDraft } from "./model-store.js";

/** Codes of a file system that takes no more writes, and what to do about each. */
const REFUSALS: Readonly<Record<string, string>> = {
	EROFS: "is mounted read-only: mount it writable, or make the change where it is",
	EACCES: "must not be written by this user: give it the right to, or make the change as its owner",
	EPERM: "must not be written by this user: give it the right to, or make the change as its owner",
	ENOSPC: "lies on a full disk: make room",
	EDQUOT: "lies on a disk whose quota is used up: make room",
};

/**
 * Changes a model store; that it cannot be written is said with folder and remedy.
 *
 * @throws FAILED_PRECONDITION, reason MODEL_STORE_NOT_WRITABLE; what `change` throws
 */
export async function writing<T>(folder: string, change: () => Promise<T>): Promise<T> {
	try {
		return await change();
	} catch (cause) {
		const code = (cause as NodeJS.ErrnoException).code ?? "";
		const remedy = cause instanceof ArchgenError ? undefined : REFUSALS[code];
		if (remedy === undefined) throw cause;
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "MODEL_STORE_NOT_WRITABLE",
			message: `The model store ${folder} ${remedy} (${code}).`,
			metadata: { folder, code },
			cause,
		});
	}
}

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
	checkManifest(withGenerators(draft, announced), folder);
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
		await chmod(join(temporary, "new"), 0o644);
		await flush(join(temporary, "new"));
		await rename(join(temporary, "new"), path);
		await flush(dirname(path));
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

async function fill(
	temporary: string,
	draft: BundleDraft,
	contents: readonly BundleContent[],
	signal?: AbortSignal,
): Promise<BundleManifest> {
	const files: BundleFile[] = [];
	for (const content of contents) {
		throwIfAborted(signal);
		files.push(await writeContent(temporary, content));
	}
	files.sort((a, b) => (a.path < b.path ? -1 : 1));
	const manifest = checkManifest(withGenerators(draft, files), draft.name);
	await writeFile(join(temporary, MANIFEST_FILE), manifestText(manifest));
	await chmod(join(temporary, MANIFEST_FILE), 0o644);
	for (const path of new Set(["", ...files.map((file) => dirname(file.path))])) {
		await chmod(join(temporary, path), 0o755);
	}
	await flush(join(temporary, MANIFEST_FILE));
	await flush(temporary);
	return manifest;
}

function withGenerators(draft: BundleDraft, files: readonly BundleFile[]) {
	const { name, version, trainedOn, metrics, generators } = draft;
	const content = { name, version, trainedOn, metrics, files };
	return {
		formatVersion: BUNDLE_FORMAT_VERSION,
		...content,
		generators: generators ?? listGenerators(content),
	};
}

async function writeContent(temporary: string, content: BundleContent): Promise<BundleFile> {
	const target = join(temporary, content.path);
	await mkdir(dirname(target), { recursive: true });
	if ("bytes" in content) await writeFile(target, content.bytes);
	else await copyFile(content.from, target);
	// Other users' services read it, whatever the mode of its source and the umask.
	await chmod(target, 0o644);
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
