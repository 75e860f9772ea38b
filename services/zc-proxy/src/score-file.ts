import { createWriteStream, mkdirSync, readFileSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { invalidArgument } from "@archgen/errors";
import type { ProxyResult } from "@archgen/proxies";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";

/** An outcome under the key of the cache. */
export interface KeptScore {
	readonly key: string;
	readonly result: ProxyResult;
}

/** Change the version when proxies change what they compute: scores of another version are forgotten. */
const HEADER = JSON.stringify({ format: "archgen.scores", version: 1 });

const lineSchema = z.strictObject({
	key: z.string(),
	result: z.union([
		z.strictObject({ ok: z.literal(true), value: z.number() }),
		z.strictObject({ ok: z.literal(false), reason: z.string(), message: z.string() }),
	]),
});

/**
 * Scores that outlive the process: a file of JSON lines, one process each. It is a cache, so lines that cannot be read are
 * forgotten. Opening writes it anew with the newest scores; it takes as many again before it is full.
 */
export class ScoreFile {
	readonly #stream: WriteStream;
	#room: number;

	private constructor(
		path: string,
		/** What was kept, oldest first. */
		readonly known: readonly KeptScore[],
		limit: number,
		onError: (failure: Error) => void,
	) {
		this.#room = limit;
		this.#stream = createWriteStream(path, { flags: "a" });
		this.#stream.on("error", onError);
	}

	/**
	 * Opens a file, or makes it.
	 *
	 * @param limit scores to keep
	 * @param onError told when the disk is full, or when writing fails later; scoring goes on without the file
	 * @throws INVALID_ARGUMENT naming `cacheFile` when it cannot be written for another reason
	 */
	static open(path: string, limit: number, onError: (failure: Error) => void): ScoreFile {
		try {
			mkdirSync(dirname(path), { recursive: true });
			const known = read(path).slice(-limit);
			return new ScoreFile(path, known, writeAnew(path, known, onError) ? limit : 0, onError);
		} catch (cause) {
			throw invalidArgument("cacheFile", `${path} cannot be written (${(cause as Error).message}).`);
		}
	}

	/** Adds a score without waiting for the disk. */
	append(score: KeptScore): void {
		if (this.#room > 0 && this.#stream.writable) {
			this.#room -= 1;
			this.#stream.write(`${JSON.stringify(score)}\n`);
		}
	}

	/** Waits until everything is written. */
	async close(): Promise<void> {
		this.#stream.end();
		await finished(this.#stream).catch(() => {});
	}
}

/** @returns whether there was room */
function writeAnew(path: string, known: readonly KeptScore[], onError: (failure: Error) => void): boolean {
	const lines = [HEADER, ...known.map((score) => JSON.stringify(score))];
	try {
		writeFileAtomic.sync(path, `${lines.join("\n")}\n`);
		return true;
	} catch (failure) {
		if ((failure as NodeJS.ErrnoException).code !== "ENOSPC") throw failure;
		onError(failure as Error);
		return false;
	}
}

function read(path: string): KeptScore[] {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (failure) {
		if ((failure as NodeJS.ErrnoException).code === "ENOENT") {
			return [];
		}
		throw failure;
	}
	const [header, ...lines] = text.split("\n");
	return header === HEADER ? lines.flatMap(parse) : [];
}

function parse(line: string): KeptScore[] {
	try {
		return [lineSchema.parse(JSON.parse(line))];
	} catch {
		return [];
	}
}
