import { appendFile, mkdir, readFile, rename, truncate, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ArchgenError } from "@archgen/errors";
import {
	type EvolutionRecord,
	type EvolutionState,
	parseHistory,
	parseState,
	type Resume,
	recordToLine,
} from "@archgen/evolution";
import { readText } from "../files/packed-text.js";

/**
 * A search's history on disk: `NAME.jsonl`, one record a line, and beside it `NAME.state.json` with the checkpoint and a
 * fingerprint of the settings that the search's own options do not hold.
 */
export class HistoryFile {
	readonly #path: string;
	readonly #settings: string;

	/** @param settings fingerprint of scoring and cell source; a history goes on only under the same */
	constructor(path: string, settings: string) {
		this.#path = path;
		this.#settings = settings;
	}

	/**
	 * What to continue from; an incomplete last line is cut off the file.
	 *
	 * @throws ArchgenError FAILED_PRECONDITION `HISTORY_MISMATCH` for a history made under other settings
	 */
	async open(): Promise<Resume> {
		await mkdir(dirname(this.#path), { recursive: true });
		const bytes = await readFile(this.#path).catch(nothing);
		if (bytes === undefined) return { history: [] };
		const end = bytes.lastIndexOf(0x0a) + 1;
		if (end < bytes.length) await truncate(this.#path, end);
		const history = parseHistory(bytes.toString("utf8", 0, end), this.#path);
		const state = await this.#readState();
		// A crash may have cut off the record that the checkpoint counted last; the history alone is enough then.
		return state === undefined || state.records > history.length ? { history } : { history, state };
	}

	append(record: EvolutionRecord): Promise<void> {
		return appendFile(this.#path, `${recordToLine(record)}\n`);
	}

	async checkpoint(state: EvolutionState): Promise<void> {
		const document = { format: "archgen.evolution-state", version: 1, settings: this.#settings, state };
		await writeFile(`${this.#statePath}.partial`, `${JSON.stringify(document)}\n`);
		await rename(`${this.#statePath}.partial`, this.#statePath);
	}

	get #statePath(): string {
		return `${this.#path.replace(/\.jsonl$/, "")}.state.json`;
	}

	async #readState(): Promise<EvolutionState | undefined> {
		const text = await readFile(this.#statePath, "utf8").catch(nothing);
		if (text === undefined) return undefined;
		const { settings, state } = JSON.parse(text) as { settings?: unknown; state?: unknown };
		if (settings !== this.#settings) throw mismatch(this.#path);
		return parseState(state);
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
