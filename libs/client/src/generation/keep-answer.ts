import { mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { EXPORT_FORMATS, type ExportFormat } from "@archgen/exporters";
import { parseJson, writeWhole } from "@archgen/files";
import { exportNetwork } from "@archgen/pipeline";
import type { Network } from "@archgen/search-space";
import type { Environment } from "../services/connection.js";
import { VERSION } from "../version.js";
import type { Answer } from "./answer.js";

/** Name of the file that holds a whole answer. */
const RESULTS = "results.json";

/** What was asked, as it is kept with the answer. */
export type AskedFor = Readonly<Record<string, unknown>>;

/** An answer about to be written. */
export interface AnswerFiles {
	readonly answer: Answer;
	readonly networks: readonly Network[];
	readonly asked: AskedFor;
	/** Seed of the weights in files that carry them. */
	readonly seed: number;
	readonly formats?: readonly ExportFormat[];
}

/**
 * Writes networks `network-1`, `network-2`, … and the whole answer as `results.json` into a folder; every file says where it comes from. Files that
 * an earlier, longer answer left there go.
 *
 * @returns the files of each network
 */
export async function writeAnswer(folder: string, files: AnswerFiles): Promise<string[][]> {
	const { answer, networks, asked, seed, formats = EXPORT_FORMATS } = files;
	const earlier = await filesOfEarlier(folder);
	const written: string[][] = [];
	for (const [i, network] of networks.entries()) {
		const provenance = provenanceOf(answer, i, asked);
		const name = `network-${i + 1}`;
		written.push(await exportNetwork(network, { formats, out: folder, name, seed, provenance }));
	}
	const kept = new Set(written.flat().map((path) => basename(path)));
	for (const name of earlier) if (!kept.has(name)) await rm(join(folder, name), { force: true });
	const named = answer.networks.map((network, i) => ({
		...network,
		...(written[i] && { files: written[i].map((path) => basename(path)) }),
	}));
	const document = { archgen: VERSION, asked, ...answer, networks: named };
	await writeWhole(join(folder, RESULTS), `${JSON.stringify(document, null, "\t")}\n`);
	return written;
}

/**
 * Keeps an answer that was not asked to be written, so that minutes of work are not lost: in `$XDG_STATE_HOME/archgen/last-answer`, else below
 * `~/.local/state`.
 *
 * @returns the folder; undefined where nothing can be written
 */
export async function keepLastAnswer(
	environment: Environment,
	files: AnswerFiles,
): Promise<string | undefined> {
	const state = environment.XDG_STATE_HOME || join(environment.HOME || homedir(), ".local", "state");
	const folder = join(state, "archgen", "last-answer");
	try {
		await mkdir(folder, { recursive: true });
		await writeAnswer(folder, { ...files, formats: ["json"] });
		return folder;
	} catch {
		return undefined;
	}
}

/** Where a network of an answer comes from, as texts by name. */
function provenanceOf({ provenance, networks }: Answer, i: number, asked: AskedFor): Record<string, string> {
	const { hash, rank, scores } = networks[i]!;
	const { seed, modelVersions, ...settings } = provenance;
	return {
		"archgen.version": VERSION,
		"archgen.seed": String(seed),
		"archgen.models": JSON.stringify(modelVersions),
		"archgen.asked": JSON.stringify(asked),
		"archgen.scoring": JSON.stringify(settings),
		"archgen.scores": JSON.stringify(scores),
		"archgen.rank": String(rank),
		"archgen.hash": hash,
	};
}

/** Files of the answer that the folder holds already. */
async function filesOfEarlier(folder: string): Promise<string[]> {
	try {
		const { networks } = parseJson(await readFile(join(folder, RESULTS))) as Pick<Answer, "networks">;
		const names = networks.flatMap(({ files = [] }) => files);
		return names.filter((name) => /^network-\d+\.[a-z]+$/.test(name));
	} catch {
		return [];
	}
}
