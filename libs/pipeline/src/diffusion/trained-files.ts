import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
	DENOISER_FILES,
	type DenoiserDescription,
	importDenoiser,
	type TrainedDenoiser,
} from "@archgen/discrete-diffusion";
import { ArchgenError } from "@archgen/errors";
import { writeWhole } from "@archgen/files";
import {
	importPredictor,
	importScore,
	PREDICTOR_FILES,
	type PredictorDescription,
	SCORE_FILES,
	type ScoreDescription,
	type TrainedPredictor,
	type TrainedScore,
	type TrainingSet,
} from "@archgen/score-diffusion";
import { storedForm } from "../training/stored-form.js";

/** File beside a network that says what it was trained on. */
export const TRAINED_ON_FILE = "trained-on.json";

/** Rows of a table that a network was trained on. */
export interface LabelledRows {
	/** SHA-256 of the table's file. */
	readonly table: string;
	/** Rows that it was trained on, chosen at random by the seed. */
	readonly rows: number;
	readonly seed: number;
	/** `architectureDigest` of each of them. */
	readonly digests: readonly string[];
}

/** What a predictor was trained on. */
export interface PredictorOrigin extends LabelledRows {
	readonly space: string;
	/** Column of the table. */
	readonly target: string;
}

/** Where the vectors come from that a network is asked for. */
export interface VectorOrigin {
	/** Bundle whose predictor gave them, e.g. `default 5`. */
	readonly bundle: string;
	/** SHA-256 of the predictor, see `predictorDigest`: under another one the same numbers mean something else. */
	readonly predictor: string;
}

/** What a score was trained on: architectures of its space, with vectors where it is asked for them. */
export interface ScoreOrigin extends TrainingSet {
	readonly vectors?: VectorOrigin;
}

/** What a denoiser was trained on: architectures of its space and, for one with conditions, labelled ones or vectors. */
export interface DenoiserOrigin extends TrainingSet {
	readonly labels?: LabelledRows;
	readonly vectors?: VectorOrigin;
}

/** A trained network of a folder with what it was trained on. */
export interface ScoreFolder {
	readonly score: TrainedScore;
	readonly origin: ScoreOrigin;
}
export interface PredictorFolder {
	readonly predictor: TrainedPredictor;
	readonly origin: PredictorOrigin;
}
export interface DenoiserFolder {
	readonly denoiser: TrainedDenoiser;
	readonly origin: DenoiserOrigin;
}

/** Writes a network's files, its weights as float16, and what it was trained on. */
export async function writeTrained(
	folder: string,
	files: ReadonlyMap<string, Uint8Array>,
	origin: ScoreOrigin | PredictorOrigin | DenoiserOrigin,
): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const [name, bytes] of files) await writeWhole(join(folder, name), storedForm(name, bytes));
	await writeWhole(join(folder, TRAINED_ON_FILE), `${JSON.stringify(origin)}\n`);
}

/** Reads what `train diffusion` wrote. @throws ArchgenError FAILED_PRECONDITION `NOT_TRAINED`, `OTHER_NETWORK` */
export async function readScore(folder: string): Promise<ScoreFolder> {
	const read = fileReader(folder, 'train it with "archgen train diffusion"');
	const description = (await read.json(SCORE_FILES.description)) as ScoreDescription;
	const score = importScore(await read.bytes(SCORE_FILES.network), description);
	return { score, origin: (await read.json(TRAINED_ON_FILE)) as ScoreOrigin };
}

/** Reads what `train predictor` wrote. @throws ArchgenError FAILED_PRECONDITION `NOT_TRAINED`, `OTHER_NETWORK` */
export async function readPredictor(folder: string): Promise<PredictorFolder> {
	const read = fileReader(folder, 'train it with "archgen train predictor"');
	const description = (await read.json(PREDICTOR_FILES.description)) as PredictorDescription;
	const predictor = importPredictor(await read.bytes(PREDICTOR_FILES.network), description);
	return { predictor, origin: (await read.json(TRAINED_ON_FILE)) as PredictorOrigin };
}

/** Reads what `train discrete` wrote. @throws ArchgenError FAILED_PRECONDITION `NOT_TRAINED`, `OTHER_NETWORK` */
export async function readDenoiser(folder: string): Promise<DenoiserFolder> {
	const read = fileReader(folder, 'train it with "archgen train discrete"');
	const description = (await read.json(DENOISER_FILES.description)) as DenoiserDescription;
	const denoiser = importDenoiser(await read.bytes(DENOISER_FILES.network), description);
	return { denoiser, origin: (await read.json(TRAINED_ON_FILE)) as DenoiserOrigin };
}

function fileReader(folder: string, advice: string) {
	const bytes = (name: string): Promise<Uint8Array> =>
		readFile(join(folder, name)).catch((cause: unknown) => {
			throw new ArchgenError({
				category: "FAILED_PRECONDITION",
				reason: "NOT_TRAINED",
				message: `${join(folder, name)} cannot be read; ${advice} first, or name another folder.`,
				cause,
			});
		});
	const json = async (name: string) => JSON.parse(new TextDecoder().decode(await bytes(name))) as unknown;
	return { bytes, json };
}
