import { mkdir, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { appendWhole, parseJson, requireUtf8, writeWhole } from "@archgen/files";
import { readText } from "./packed-text.js";

/** The complete lines of a JSON-lines file, parsed. */
export interface JsonLines {
	readonly lines: readonly unknown[];
	/** True when a last line without line break was cut off: what a writer that was killed leaves behind. */
	readonly repaired: boolean;
}

/**
 * Reads a JSON-lines file, packed or not; a missing file has no lines.
 *
 * @throws ArchgenError DATA_LOSS `JSON_LINE_INVALID` for a complete line that is no JSON; what `readText` throws
 */
export async function readJsonLines(path: string): Promise<JsonLines> {
	const text = await readText(path).catch(nothingThere);
	const end = text.lastIndexOf("\n") + 1;
	const lines = end === 0 ? [] : text.slice(0, end - 1).split("\n");
	return { lines: lines.map((line, i) => parseLine(line, i, path)), repaired: end < text.length };
}

/** The same, and cuts an incomplete last line off the file itself, so that appending goes on cleanly. */
export async function repairJsonLines(path: string): Promise<JsonLines> {
	const read = await readJsonLines(path);
	if (read.lines.length === 0 && !read.repaired) return read;
	const bytes = await readFile(path);
	requireUtf8(bytes, path);
	if (read.repaired) await truncate(path, bytes.lastIndexOf(0x0a) + 1);
	return read;
}

/** Appends one document as a line, in one write. */
export async function appendJsonLine(path: string, document: unknown): Promise<void> {
	await appendWhole(path, `${JSON.stringify(document)}\n`);
}

/** Starts a file with its header line, creating folders as needed. */
export async function startJsonLines(path: string, header: unknown): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeWhole(path, `${JSON.stringify(header)}\n`);
}

function parseLine(line: string, index: number, path: string): unknown {
	try {
		return parseJson(line);
	} catch (cause) {
		throw new ArchgenError({
			category: "DATA_LOSS",
			reason: "JSON_LINE_INVALID",
			message: `${path}, line ${index + 1} is not JSON; ${index === 0 ? "it is the header of the file: restore the file" : "remove the line or restore the file"}.`,
			cause,
		});
	}
}

function nothingThere(error: NodeJS.ErrnoException): string {
	if (error.code === "ENOENT") return "";
	throw error;
}
