import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SessionPool, type TrainingHooks } from "@archgen/tensor-graph";
import type { RunContext } from "../run-context.js";
import { trainingProgress } from "../training/stage.js";
import { loadCheckpoint, saveCheckpoint } from "../training/trainer-checkpoint.js";

/** Where and how a network is trained. */
export interface TrainingPlace {
	/** Folder of results and checkpoint. */
	readonly folder: string;
	/** Processor cores to use. */
	readonly workers: number;
	/** Throw the checkpoint away first. */
	readonly restart: boolean;
}

export interface ResumableTraining extends TrainingPlace {
	readonly title: string;
	/** Of configuration and data. */
	readonly identity: string;
	readonly steps: number;
}

const CHECKPOINT_EVERY = 250;

/** Runs a training from its checkpoint on, and shows its progress. */
export async function resumeTraining<T>(
	context: RunContext,
	{ title, folder, identity, steps, workers, restart }: ResumableTraining,
	train: (pool: SessionPool, hooks: TrainingHooks) => Promise<T>,
): Promise<T> {
	const path = join(folder, "checkpoint.safetensors");
	if (restart) await rm(path, { force: true });
	const resume = (await loadCheckpoint(path, identity))?.state;
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
	const start = resume?.step ?? 0;
	const progress = trainingProgress({ cli: context }, title, { total: steps, start });
	try {
		return await train(pool, {
			signal: context.signal,
			onProgress: progress.onProgress,
			checkpoint: { every: CHECKPOINT_EVERY, save: (state) => saveCheckpoint(path, identity, state) },
			...(resume && { resume }),
		});
	} finally {
		progress.stop();
		await pool.close();
	}
}
