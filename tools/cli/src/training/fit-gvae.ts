import { rm } from "node:fs/promises";
import { type GvaeConfig, type TrainedGvae, trainGvae } from "@archgen/gvae";
import type { SessionPool } from "@archgen/tensor-graph";
import type { CliContext } from "../cli/context.js";
import type { GvaeParts } from "./gvae-parts.js";
import { trainingProgress } from "./stage.js";
import { loadCheckpoint, saveCheckpoint } from "./trainer-checkpoint.js";

/** One training of a G-VAE. */
export interface GvaeFit {
	/** Heading of the progress. */
	readonly title: string;
	readonly config: GvaeConfig;
	/** File of the checkpoint. */
	readonly checkpoint: string;
	/** Fingerprint of all that decides the result. */
	readonly identity: string;
	readonly checkpointEvery: number;
	/** True to throw the checkpoint away first. */
	readonly restart: boolean;
}

/** Trains a G-VAE, or goes on from its checkpoint, with progress on stderr. A finished training is only loaded. */
export async function fitGvae(
	cli: CliContext,
	pool: SessionPool,
	parts: GvaeParts,
	fit: GvaeFit,
): Promise<TrainedGvae["parameters"]> {
	const { config, checkpoint, identity, checkpointEvery } = fit;
	if (fit.restart) await rm(checkpoint, { force: true });
	const resume = (await loadCheckpoint(checkpoint, identity))?.state;
	if (resume?.step === config.steps) return resume.parameters;
	const progress = trainingProgress({ cli }, fit.title, { total: config.steps, start: resume?.step ?? 0 });
	const heldOut = [...parts.heldOutCells, ...parts.heldOutLabels.map(({ cell }) => cell)];
	const data = {
		labelled: parts.training,
		unlabelled: "generated",
		exclude: new Set(heldOut.map(({ hash }) => hash)),
	} as const;
	try {
		const { parameters } = await trainGvae(pool, data, config, {
			signal: cli.signal,
			onProgress: progress.onProgress,
			checkpoint: { every: checkpointEvery, save: (state) => saveCheckpoint(checkpoint, identity, state) },
			...(resume && { resume }),
		});
		return parameters;
	} finally {
		progress.stop();
	}
}
