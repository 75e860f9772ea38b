import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { decodeText, parseJson } from "@archgen/files";
import { bytesOf, jsonBytes } from "./samples.js";

/** Something that makes a value of bytes which come from outside. */
export interface Reader {
	/** Inputs that it reads without an error. */
	readonly examples: readonly Uint8Array[];
	/** @throws ArchgenError; anything else that it throws is a defect */
	readonly read: (bytes: Uint8Array) => unknown;
}

/** Readers by name. */
export type Readers = Readonly<Record<string, Reader>>;

/**
 * Reads, and takes an error of the domain as well as a value.
 *
 * @throws what no reader may throw: any other error, or an error without a reason or a message
 */
export async function holds(read: () => unknown): Promise<void> {
	try {
		await read();
	} catch (error) {
		if (!(error instanceof ArchgenError)) throw error;
		if (/^[A-Z][A-Z0-9_]+$/.test(error.reason) && error.message !== "") return;
		throw new Error(`The error says no reason or nothing: ${error.reason}: ${error.message}`, {
			cause: error,
		});
	}
}

/** Reads with each, whatever the others say. */
export async function each(reads: readonly (() => unknown)[]): Promise<void> {
	for (const read of reads) await holds(read);
}

/** Folder of the files that readers of files are given, one for the process; `$TMPDIR` says where. */
let folder: string | undefined;
/** A path below it, its folder made. */
export function inFolder(...path: string[]): string {
	if (folder === undefined) {
		folder = mkdtempSync(join(tmpdir(), "archgen-fuzz-"));
		process.once("exit", () => rmSync(folder!, { recursive: true, force: true }));
	}
	const whole = join(folder, ...path);
	mkdirSync(dirname(whole), { recursive: true });
	return whole;
}

/** A reader of bytes. */
export const reader = (examples: readonly Uint8Array[], read: Reader["read"]): Reader => ({ examples, read });

/** A reader of text. */
export const ofText = (examples: readonly string[], read: (text: string) => unknown) =>
	reader(examples.map(bytesOf), (bytes) => read(decodeText(bytes)));

/** A reader of documents; what is no JSON is told by `readNamedJson` and goes no further. */
export const ofJson = (examples: readonly unknown[], read: (document: unknown) => unknown) =>
	reader(examples.map(jsonBytes), (bytes) => {
		let document: unknown;
		try {
			document = parseJson(bytes);
		} catch {
			return;
		}
		return read(document);
	});

/** A reader of files of this name. */
export const ofFile = (name: string, examples: readonly Uint8Array[], read: (path: string) => unknown) =>
	reader(examples, (bytes) => {
		const path = inFolder(name);
		writeFileSync(path, bytes);
		return read(path);
	});

/** A reader of folders, one file of which is the input and the others are as they should be. */
export const ofFolder = (
	name: string,
	examples: readonly Uint8Array[],
	beside: Readonly<Record<string, Uint8Array>>,
	read: (path: string) => unknown,
) =>
	reader(examples, (bytes) => {
		const path = inFolder(`folder-of-${name}`);
		for (const [file, content] of Object.entries({ ...beside, [name]: bytes })) {
			mkdirSync(dirname(join(path, file)), { recursive: true });
			writeFileSync(join(path, file), content);
		}
		return read(path);
	});
