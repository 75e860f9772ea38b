import { open } from "node:fs/promises";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { decodeNpy, type NpyArray } from "./npy.js";

/** Largest file that is read whole (a byte array in Node ends at 2 GiB for `readFile`). */
export const MAX_FILE_BYTES = 2 ** 31 - 1;

/** The whole file. Throws `FILE_NOT_FOUND` (NOT_FOUND), `FILE_UNREADABLE` or `FILE_TOO_LARGE`, naming `field`. */
export async function readWhole(path: string, field: string): Promise<Uint8Array> {
	return readRange(path, field, 0, undefined);
}

/** `length` bytes from `position`, fewer where the file ends sooner; everything up to the end when undefined. */
export async function readRange(path: string, field: string, position: number, length: number | undefined) {
	const size = await fileSize(path, field);
	const wanted = Math.max(0, Math.min(length ?? size, size - position));
	if (wanted > MAX_FILE_BYTES) {
		throw invalidArgument(
			field,
			`${path} is larger than ${MAX_FILE_BYTES} bytes; split it`,
			"FILE_TOO_LARGE",
		);
	}
	const handle = await open(path, "r");
	try {
		const bytes = new Uint8Array(wanted);
		for (let done = 0; done < wanted; ) {
			const { bytesRead } = await handle.read(bytes, done, wanted - done, position + done);
			if (bytesRead === 0) throw invalidArgument(field, `${path} shrank while it was read`, "TRUNCATED_FILE");
			done += bytesRead;
		}
		return bytes;
	} finally {
		await handle.close();
	}
}

/** Size of a regular file in bytes; errors as `readWhole`. */
export async function fileSize(path: string, field: string): Promise<number> {
	try {
		const handle = await open(path, "r");
		try {
			const stat = await handle.stat();
			if (!stat.isFile()) throw invalidArgument(field, `${path} is not a file`, "FILE_UNREADABLE");
			return stat.size;
		} finally {
			await handle.close();
		}
	} catch (error) {
		if (error instanceof ArchgenError) throw error;
		throw unreadable(path, field, error);
	}
}

/** What a file system says of a path, as an error that names the field. */
export function unreadable(path: string, field: string, cause: unknown): ArchgenError {
	const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
	const missing = code === "ENOENT" || code === "ENOTDIR";
	const description = missing ? `${path} does not exist` : `${path} cannot be read (${code})`;
	return new ArchgenError({
		category: missing ? "NOT_FOUND" : "INVALID_ARGUMENT",
		reason: missing ? "FILE_NOT_FOUND" : "FILE_UNREADABLE",
		message: `${field}: ${description}`,
		violations: [{ field, description }],
		cause,
	});
}

/** Reads a `.npy` file; errors as {@link readWhole} and {@link decodeNpy}. */
export async function readNpy(path: string, field = "npy"): Promise<NpyArray> {
	return decodeNpy(await readWhole(path, field), field);
}
