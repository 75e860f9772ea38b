import { readFile } from "node:fs/promises";
import { type ArchgenError, invalidArgument } from "@archgen/errors";
import { decodeText, parseJson } from "./text.js";

/** The text of a file, see {@link decodeText}; the file system's errors come through. */
export async function readTextFile(path: string): Promise<string> {
	return decodeText(await readFile(path));
}

/**
 * Reads a text file that an option names.
 *
 * @param option as the user wrote it, e.g. `--cell`
 * @throws ArchgenError INVALID_ARGUMENT `FILE_NOT_READABLE`
 */
export async function readNamedText(option: string, path: string): Promise<string> {
	try {
		return await readTextFile(path);
	} catch (cause) {
		throw notReadable(option, path, cause);
	}
}

/** INVALID_ARGUMENT `FILE_NOT_READABLE` for a file that an option names and the file system refused. */
export function notReadable(option: string, path: string, cause: unknown): ArchgenError {
	const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
	return invalidArgument(
		option,
		`${path} ${missing ? "does not exist" : "cannot be read"}`,
		"FILE_NOT_READABLE",
	);
}

/** Reads a JSON file that an option names; `NOT_JSON` when it is none. */
export async function readNamedJson(option: string, path: string): Promise<unknown> {
	const text = await readNamedText(option, path);
	try {
		return parseJson(text);
	} catch (cause) {
		throw invalidArgument(option, `${path} is not JSON: ${(cause as Error).message}`, "NOT_JSON");
	}
}
