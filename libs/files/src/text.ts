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

/** Levels of arrays and objects inside each other; documents of ours have some ten. */
const DEEPEST = 500;

/**
 * The document of a JSON text or file, a byte order mark in front of it or not.
 *
 * @throws SyntaxError as `JSON.parse` does, and for a document nested more than 500 levels deep: whatever walks through it calls itself (checks,
 *   `String`, `JSON.stringify` of a message) and would overflow the stack
 */
export function parseJson(source: string | Uint8Array): unknown {
	const text = typeof source === "string" ? withoutMark(source) : decodeText(source);
	const document: unknown = JSON.parse(text);
	if (isDeeper(text, DEEPEST)) throw new SyntaxError(`it is nested more than ${DEEPEST} levels deep`);
	return document;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
/** Of a brace, and of a bracket with this bit set. */
const [OPEN, CLOSE, BRACE_BIT] = [0x7b, 0x7d, 0x20];

/** Whether a JSON text has more brackets open at once than `deepest`, those inside of strings left out. */
function isDeeper(text: string, deepest: number): boolean {
	let depth = 0;
	let inString = false;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (inString && code === BACKSLASH) i++;
		else if (code === QUOTE) inString = !inString;
		else if (inString) continue;
		else if ((code | BRACE_BIT) === OPEN) depth++;
		else if ((code | BRACE_BIT) === CLOSE) depth--;
		if (depth > deepest) return true;
	}
	return false;
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
