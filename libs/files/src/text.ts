import { ArchgenError } from "@archgen/errors";

/** Encodings by the byte order mark that a file begins with; PowerShell and Notepad write all three. */
const MARKS = [
	{ encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
	{ encoding: "utf-16le", bytes: [0xff, 0xfe] },
	{ encoding: "utf-16be", bytes: [0xfe, 0xff] },
] as const;

/** U+FEFF at the start of a text that somebody else decoded. */
const MARK = "\ufeff";

/** The text of a file's bytes: UTF-8, or what its byte order mark says; the mark is left out. */
export function decodeText(bytes: Uint8Array): string {
	const found = MARKS.find(({ bytes: mark }) => mark.every((byte, i) => bytes[i] === byte));
	return new TextDecoder(found?.encoding ?? "utf-8").decode(bytes);
}

/** A text without the byte order mark in front of it. */
export function withoutMark(text: string): string {
	return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}

/** The document of a JSON text or file, a byte order mark in front of it or not. @throws SyntaxError as `JSON.parse` does */
export function parseJson(source: string | Uint8Array): unknown {
	return JSON.parse(typeof source === "string" ? withoutMark(source) : decodeText(source));
}

/**
 * The document of a file's bytes or text.
 *
 * @param path names the file in the error
 * @throws ArchgenError DATA_LOSS `FILE_NOT_JSON`
 */
export function parseJsonFile(source: string | Uint8Array, path: string): unknown {
	try {
		return parseJson(source);
	} catch (cause) {
		throw new ArchgenError({
			category: "DATA_LOSS",
			reason: "FILE_NOT_JSON",
			message: `${path} is not JSON (${(cause as Error).message}); restore it from its source.`,
			metadata: { path },
			cause,
		});
	}
}

/**
 * Refuses a file that begins with the mark of another encoding than UTF-8: text that is added to it would not be read.
 *
 * @throws ArchgenError FAILED_PRECONDITION `FILE_NOT_UTF8`
 */
export function requireUtf8(bytes: Uint8Array, path: string): void {
	const found = MARKS.find(({ bytes: mark }) => mark.every((byte, i) => bytes[i] === byte));
	if (found === undefined || found.encoding === "utf-8") return;
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "FILE_NOT_UTF8",
		message: `${path} is ${found.encoding.toUpperCase()}, so nothing can be added to it; save it as UTF-8 or use another file.`,
		metadata: { path },
	});
}
