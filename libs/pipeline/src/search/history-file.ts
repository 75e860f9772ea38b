import { readFile, truncate } from "node:fs/promises";
import { ArchgenError } from "@archgen/errors";
import {
	type EvolutionRecord,
	type EvolutionState,
	type HistoryOptions,
	parseHistory,
	parseState,
	type Resume,
	recordToLine,
	requireOwnHistory,
} from "@archgen/evolution";
import { appendWhole, type FileLock, lockFile, parseJsonFile, requireUtf8, writeWhole } from "@archgen/files";
import { readText } from "../files/packed-text.js";

/**
 * A search's history on disk: `NAME.jsonl`, one record a line, and beside it `NAME.state.json` with the checkpoint and a
 * fingerprint of the settings that the search's own options do not hold. One process writes at a time: from `open` to `close` the file is locked.
 */
export class HistoryFile {
	readonly #path: string;
	readonly #settings: string;
	#lock: FileLock | undefined;

	/** @param settings fingerprint of scoring and cell source; a history goes on only under the same */
	constructor(path: string, settings: string) {
		this.#path = path;
		this.#settings = settings;
	}

	/**
	 * What to continue from; an incomplete last line is cut off the file.
	 *
	 * @param options those of the search, which every line must fit
	 * @throws ArchgenError FAILED_PRECONDITION `HISTORY_MISMATCH` for a history made under other settings, `HISTORY_STATE_MISSING` for one without its
	 *   state file, `FILE_LOCKED` while another process writes; INVALID_ARGUMENT `RESUME_MISMATCH` for lines of another target or other bounds
	 */
	async open(options: HistoryOptions, signal?: AbortSignal): Promise<Resume> {
		this.#lock = await lockFile(this.#path, signal);
		try {
			return await this.#read(options);
		} catch (error) {
			await this.close();
			throw error;
		}
	}

	async #read(options: HistoryOptions): Promise<Resume> {
		const bytes = await readFile(this.#path).catch(nothing);
		const history = bytes === undefined ? [] : await this.#records(bytes);
		if (history.length === 0) {
			// From the first record on there is a state that says under which settings it was made.
			await this.#writeState(null);
			return { history };
		}
		naming(this.#path, () => requireOwnHistory(history, options));
		const state = await this.#readState();
		// A crash may have cut off the record that the checkpoint counted last; the history alone is enough then.
		return state === null || state.records > history.length ? { history } : { history, state };
	}

	async #records(bytes: Buffer): Promise<EvolutionRecord[]> {
		requireUtf8(bytes, this.#path);
		const end = bytes.lastIndexOf(0x0a) + 1;
		if (end < bytes.length) await truncate(this.#path, end);
		return parseHistory(bytes.toString("utf8", 0, end), this.#path);
	}

	/** Lets other processes write. */
	async close(): Promise<void> {
		await this.#lock?.release();
	}

	async append(record: EvolutionRecord): Promise<void> {
		this.#lock?.check();
		await appendWhole(this.#path, `${recordToLine(record)}\n`);
	}

	checkpoint(state: EvolutionState): Promise<void> {
		this.#lock?.check();
		return this.#writeState(state);
	}

	async #writeState(state: EvolutionState | null): Promise<void> {
		const document = { format: "archgen.evolution-state", version: 1, settings: this.#settings, state };
		await writeWhole(this.#statePath, `${JSON.stringify(document)}\n`);
	}

	get #statePath(): string {
		return `${this.#path.replace(/\.jsonl$/, "")}.state.json`;
	}

	async #readState(): Promise<EvolutionState | null> {
		const bytes = await readFile(this.#statePath).catch(nothing);
		if (bytes === undefined) throw stateMissing(this.#path, this.#statePath);
		const document = parseJsonFile(bytes, this.#statePath) as { settings?: unknown; state?: unknown } | null;
		if (document?.settings !== this.#settings) throw mismatch(this.#path);
		return document.state === null ? null : parseState(document.state);
	}
}

/** The records of a finished or interrupted history, packed or not (`readText`). */
export async function readHistory(path: string): Promise<EvolutionRecord[]> {
	const text = await readText(path);
	return parseHistory(text.slice(0, text.lastIndexOf("\n") + 1), path);
}

function nothing(error: NodeJS.ErrnoException): undefined {
	if (error.code !== "ENOENT") throw error;
}

function mismatch(path: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "HISTORY_MISMATCH",
		message: `${path} was made with another scoring or other cells; use the same settings or another file.`,
		metadata: { path },
	});
}

function stateMissing(path: string, statePath: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "HISTORY_STATE_MISSING",
		message: `${statePath} is missing, which says by which settings ${path} was made; restore it beside the history or use another file.`,
		metadata: { path: statePath },
	});
}

/** What is wrong with a line is said with the file. */
function naming(path: string, check: () => void): void {
	try {
		check();
	} catch (error) {
		if (!(error instanceof ArchgenError)) throw error;
		throw new ArchgenError({ ...error, message: `${path}, ${error.message}`, cause: error });
	}
}
