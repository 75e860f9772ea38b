import { randomBytes } from "node:crypto";
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { ArchgenError } from "@archgen/errors";

/** Reason and remedy of what the file system says; the rest is `NOT_WRITABLE`. */
const REFUSALS: Readonly<Record<string, readonly [reason: string, says: string]>> = {
	ENOSPC: ["DISK_FULL", "the disk is full; make room and try again"],
	EDQUOT: ["DISK_FULL", "the quota is used up; make room and try again"],
	EFBIG: ["FILE_TOO_LARGE", "it would be larger than files may be here"],
	EROFS: ["NOT_WRITABLE", "the file system is read-only; choose another place"],
	EACCES: ["NOT_WRITABLE", "this user may not; choose another place"],
};

/**
 * Writes a file whole or not at all: what was there before stays until the new content is complete, and a failure leaves nothing behind.
 * Devices and pipes, such as /dev/stdout, are written directly.
 *
 * @throws ArchgenError FAILED_PRECONDITION `DISK_FULL`, `FILE_TOO_LARGE` or `NOT_WRITABLE` with the name of the file
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
	await namingFile(path, async () => {
		const known = await stat(path).catch(() => undefined);
		if (known?.isFile() === false) return writeFile(path, content);
		await replace(known === undefined ? path : await realpath(path), content, known?.mode);
	});
}

/** Writes under another name beside the file, to the disk, and then renames. */
async function replace(path: string, content: string | Uint8Array, mode: number | undefined): Promise<void> {
	const partial = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
	const file = await open(partial, "wx", mode);
	try {
		// Unlike one call of the system, this goes on after a write that found room for a part only, and then fails.
		await file
			.writeFile(content)
			.then(() => file.sync())
			.finally(() => file.close());
		await rename(partial, path);
	} catch (failure) {
		await rm(partial, { force: true });
		throw failure;
	}
}

/**
 * Appends a text to a file whole or not at all: the part of it that still found room is taken back.
 *
 * @throws as {@link writeWhole}
 */
export async function appendWhole(path: string, text: string): Promise<void> {
	await namingFile(path, async () => {
		const file = await open(path, "a");
		try {
			const { size } = await file.stat();
			await file.appendFile(text).catch(async (failure: unknown) => {
				await file.truncate(size);
				throw failure;
			});
		} finally {
			await file.close();
		}
	});
}

/** The file system does not name the file that found no room. */
async function namingFile(path: string, write: () => Promise<void>): Promise<void> {
	try {
		await write();
	} catch (cause) {
		const { code = "", message } = cause as NodeJS.ErrnoException;
		const [reason, says] = REFUSALS[code] ?? ["NOT_WRITABLE", message];
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason,
			message: `${path} cannot be written: ${says}.`,
			metadata: { path },
			cause,
		});
	}
}
