import {
	exportPredictor,
	PREDICTOR_CONFIG,
	type PredictorConfig,
	predictorData,
	predictorSteps,
	splitRows,
	stateShape,
	trainPredictor,
} from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";
import type { RunContext } from "../run-context.js";
import { fingerprint } from "../training/workspace.js";
import { labelledRows } from "./labelled-rows.js";
import type { PropertyTableFile } from "./read-property-table.js";
import { resumeTraining, type TrainingPlace } from "./resume-training.js";
import { writeTrained } from "./trained-files.js";
import type { PredictorOrigin } from "./trained-origins.js";

export interface PredictorJob extends TrainingPlace {
	/** Column of the table. */
	readonly target: string;
	/** Rows to train on, chosen at random by the seed. */
	readonly rows: number;
	readonly seed: number;
	/** Optimiser steps; by the number of rows unless given. */
	readonly steps?: number | undefined;
}

/** Trains a predictor on rows of a table and writes it with what it was trained on. */
export async function fitPredictor<A>(
	context: RunContext,
	space: SearchSpace<A>,
	file: PropertyTableFile<A>,
	job: PredictorJob,
): Promise<{ readonly origin: PredictorOrigin; readonly steps: number }> {
	const { target, rows, seed, folder, workers, restart } = job;
	const { table, digest } = file;
	const { chosen } = splitRows(table.architectures.length, rows, seed);
	const data = predictorData(space, table, target, chosen);
	const steps = job.steps ?? predictorSteps(rows);
	const config: PredictorConfig = { ...PREDICTOR_CONFIG, seed, steps };
	const identity = fingerprint("predictor", config, { space: space.name, target, rows }, digest);
	const training = { title: `predictor of ${target}`, folder, identity, steps, workers, restart };
	const { predictor } = await resumeTraining(context, training, (pool, hooks) =>
		trainPredictor(pool, data, stateShape(space), config, hooks),
	);
	const origin = { space: space.name, target, ...labelledRows(space, file, chosen, seed) };
	await writeTrained(folder, exportPredictor(predictor), origin);
	return { origin, steps };
}
