import { join } from "node:path";
import { retry } from "@archgen/concurrency";
import { invalidArgument } from "@archgen/errors";
import { parseHistory } from "@archgen/evolution";
import type { ModelStore } from "@archgen/models";
import { refreshSequenceGenerator } from "@archgen/models/refresh";
import { SessionPool } from "@archgen/tensor-graph";
import type { JobLogger } from "./job-logger.js";
import type { JobStore } from "./job-store.js";
import { PAUSES, passes, problemOf } from "./patience.js";
import type { Training } from "./training.js";

const SAVE_MS = 500;

/** What trainings need. */
export interface TrainingContext {
	readonly models: ModelStore;
	/** Name of the bundle. */
	readonly model: string;
	/** Folder for checkpoints. */
	readonly folder: string;
	/** Folder with folders of pretrained weights; undefined where none may be named. */
	readonly pretrained: string | undefined;
	/** Threads of the trainer. */
	readonly threads: number;
	readonly logger: JobLogger;
}

/** Runs one training to its end, from its checkpoint if there is one. Never settles once `closing` fires. */
export async function runTraining(
	id: string,
	store: JobStore,
	context: TrainingContext,
	closing: AbortSignal,
): Promise<void> {
	const once = async () => {
		const training = await store.trainings.get(id);
		if (training.state !== "RUNNING") return;
		await train(training, store, context, closing);
		await store.trainings.end(id, "SUCCEEDED", null);
	};
	try {
		await retry(once, { ...PAUSES, mayPass: passes, signal: closing });
	} catch (error) {
		if (closing.aborted) return new Promise(() => {});
		if (error instanceof Stopped) return store.trainings.end(id, "CANCELLED", null);
		context.logger.error({ err: error, training: id }, "training failed");
		return store.trainings.end(id, "FAILED", problemOf(error, null));
	}
}

/** Somebody asked for the end of it. */
class Stopped extends Error {}

async function train(
	{ id, request }: Training,
	store: JobStore,
	{ models, model, folder, threads, pretrained: weights }: TrainingContext,
	closing: AbortSignal,
): Promise<void> {
	const histories = await Promise.all(
		request.jobs.map(async (name) => {
			const lines = await store.records(name, 0, null);
			return { name, records: parseHistory(lines.join("\n"), `history of ${name}`) };
		}),
	);
	const { version, base, steps, seed, keep, dropProbability, pretrained, anew = false } = request;
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: threads });
	const stop = new AbortController();
	let saved = 0;
	// One after the other, so that the last step is what stays.
	let saving: Promise<void> = Promise.resolve();
	let validationLoss: number | null = null;
	const onProgress = (step: number, total: number, metrics: Readonly<Record<string, number>>) => {
		validationLoss = metrics.validationLoss ?? validationLoss;
		if (Date.now() - saved < SAVE_MS && step < total) return;
		saved = Date.now();
		const progress = { step, validationLoss };
		saving = saving
			.then(async () => {
				if (await store.trainings.progress(id, progress)) stop.abort();
			})
			.catch(() => {});
	};
	try {
		await refreshSequenceGenerator(
			models,
			pool,
			{
				...{ model, version, histories, keep, anew },
				training: { steps, seed, dropProbability },
				...(base && { base }),
				...(pretrained && { pretrained: join(pretrainedFolder(weights), pretrained) }),
			},
			{ folder: join(folder, id), signal: AbortSignal.any([closing, stop.signal]), onProgress },
		);
	} catch (error) {
		throw stop.signal.aborted ? new Stopped() : error;
	} finally {
		await saving;
		await pool.close();
	}
}

/** @throws INVALID_ARGUMENT where no folder of pretrained weights was configured */
export function pretrainedFolder(configured: string | undefined): string {
	if (configured !== undefined) return configured;
	throw invalidArgument(
		"pretrained",
		"this orchestrator has no pretrained models; start it with --jobs-pretrained-folder.",
	);
}

/** @throws INVALID_ARGUMENT for a version that is there already */
export async function requireNewVersion(models: ModelStore, model: string, version: string): Promise<void> {
	const taken = (await models.list()).some((stored) => stored.name === model && stored.version === version);
	if (!taken) return;
	throw invalidArgument(
		"version",
		`${version} of ${model} exists already; choose a new one.`,
		"VERSION_EXISTS",
	);
}
