import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DENOISER_FILES, importDenoiser, type TrainedDenoiser } from "@archgen/discrete-diffusion";
import { ArchgenError } from "@archgen/errors";
import { parseJson, writeWhole } from "@archgen/files";
import {
	importPredictor,
	importScore,
	PREDICTOR_FILES,
	SCORE_FILES,
	type TrainedPredictor,
	type TrainedScore,
} from "@archgen/score-diffusion";
import { z } from "zod";
import { storedForm } from "../training/stored-form.js";
import type { DenoiserOrigin, PredictorOrigin, ScoreOrigin } from "./trained-origins.js";
import {
	denoiserOriginSchema,
	denoiserSchema,
	predictorOriginSchema,
	predictorSchema,
	scoreOriginSchema,
	scoreSchema,
} from "./trained-schemas.js";

/** File beside a network that says what it was trained on. */
export const TRAINED_ON_FILE = "trained-on.json";

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

/** Reads what `train diffusion` wrote. @throws ArchgenError FAILED_PRECONDITION `NOT_TRAINED`, `OTHER_NETWORK`; DATA_LOSS `TRAINED_FILE_INVALID` */
export async function readScore(folder: string): Promise<ScoreFolder> {
	const read = fileReader(folder, 'train it with "archgen train diffusion"');
	const description = await read.json(SCORE_FILES.description, scoreSchema);
	const score = importScore(await read.bytes(SCORE_FILES.network), description);
	return { score, origin: await read.json(TRAINED_ON_FILE, scoreOriginSchema) };
}

/** Reads what `train predictor` wrote. @throws ArchgenError FAILED_PRECONDITION `NOT_TRAINED`, `OTHER_NETWORK`; DATA_LOSS `TRAINED_FILE_INVALID` */
export async function readPredictor(folder: string): Promise<PredictorFolder> {
	const read = fileReader(folder, 'train it with "archgen train predictor"');
	const description = await read.json(PREDICTOR_FILES.description, predictorSchema);
	const predictor = importPredictor(await read.bytes(PREDICTOR_FILES.network), description);
	return { predictor, origin: await read.json(TRAINED_ON_FILE, predictorOriginSchema) };
}

/** Reads what `train discrete` wrote. @throws ArchgenError FAILED_PRECONDITION `NOT_TRAINED`, `OTHER_NETWORK`; DATA_LOSS `TRAINED_FILE_INVALID` */
export async function readDenoiser(folder: string): Promise<DenoiserFolder> {
	const read = fileReader(folder, 'train it with "archgen train discrete"');
	const description = await read.json(DENOISER_FILES.description, denoiserSchema);
	const denoiser = importDenoiser(await read.bytes(DENOISER_FILES.network), description);
	return { denoiser, origin: await read.json(TRAINED_ON_FILE, denoiserOriginSchema) };
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
	const json = async <T>(name: string, schema: z.ZodType<T>): Promise<T> => {
		const content = await bytes(name);
		try {
			return schema.parse(parseJson(content));
		} catch (cause) {
			throw new ArchgenError({
				category: "DATA_LOSS",
				reason: "TRAINED_FILE_INVALID",
				message: `${join(folder, name)} is damaged (${whyInvalid(cause)}); ${advice} again, or restore it.`,
				cause,
			});
		}
	};
	return { bytes, json };
}

function whyInvalid(cause: unknown): string {
	const [issue] = cause instanceof z.ZodError ? cause.issues : [];
	return issue === undefined
		? "it is not JSON"
		: `${issue.path.map(String).join(".") || "it"}: ${issue.message}`;
}
