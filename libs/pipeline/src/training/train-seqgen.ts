import { readFile, rm } from "node:fs/promises";
import { basename } from "node:path";
import { mixtureFromJson } from "@archgen/mixture";
import { exampleFile, exemplarExamples, exemplarFile } from "@archgen/models/refresh";
import { createRandom } from "@archgen/random";
import {
	loadSequenceCheckpoint,
	type SequenceCheckpoint,
	type SequenceSplit,
	type SequenceTrainingConfig,
	saveSequenceCheckpoint,
	splitExamples,
	trainSequenceGenerator,
	writeModelFolder,
} from "@archgen/seqgen";
import { SessionPool } from "@archgen/tensor-graph";
import { readHistory } from "../search/history-file.js";
import { type StageContext, type TrainingStage, trainingProgress } from "./stage.js";
import { historyPath } from "./train-histories.js";
import { requireSame } from "./trainer-checkpoint.js";
import { fingerprint, type Workspace } from "./workspace.js";

/** The generator of macro sequences. */
export const trainSeqgen: TrainingStage = {
	description: "Train the sequence generator on the histories",
	run: async (context) => {
		const { work, profile, workers } = context;
		const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
		try {
			const { examples, exemplars } = await readExamples(context, pool);
			const { seed, vocabulary: sizes, validationFraction } = profile.seqgen.config;
			const vocabulary = { ...sizes, clusters: exemplars.length };
			const config = { ...profile.seqgen.config, vocabulary };
			const identity = fingerprint("seqgen", config, examples);
			const split = splitExamples(examples, validationFraction, createRandom(seed).fork("split"));
			const trained = await trainOrResume(context, pool, split, config, identity);
			await rm(work.path("seqgen", "model"), { recursive: true, force: true });
			await writeModelFolder(work.path("seqgen", "model"), trained, { safetensors: false });
			for (const { path, bytes } of [exemplarFile(exemplars), exampleFile(split, seed)])
				await work.write(["seqgen", "model", basename(path)], bytes);
			return {
				config: profile.seqgen,
				inputs: { histories: fingerprint(examples) },
				metrics: {
					validationLoss: trained.validationLoss,
					bestStep: trained.step,
					steps: trained.steps,
					trainingExamples: trained.examples.training,
					validationExamples: trained.examples.validation,
				},
			};
		} finally {
			await pool.close();
		}
	},
};

/** The better part of every history of the profile, each judged by itself, in tokens of exemplars of their cells. */
async function readExamples({ work, profile, cli }: StageContext, pool: SessionPool) {
	const mixture = mixtureFromJson(await work.readJson("mixture", "mixture", "mixture.json"));
	const histories = await Promise.all(
		profile.histories.map(async (history) => {
			await work.read("histories", "histories", `${history.name}.jsonl`);
			return { name: history.name, records: await readHistory(historyPath(work, history)) };
		}),
	);
	const basis = { gvae: work.path("gvae"), mixture };
	const made = await exemplarExamples(pool, { ...profile.seqgen, histories }, basis, cli.signal);
	return { ...made, examples: made.examples.flat() };
}

async function trainOrResume(
	context: StageContext,
	pool: SessionPool,
	examples: SequenceSplit,
	config: SequenceTrainingConfig,
	identity: string,
) {
	const { work, cli, restart } = context;
	if (restart) await rm(work.path("seqgen"), { recursive: true, force: true });
	const resume = await readCheckpoint(work, identity);
	// Written first: a checkpoint without it would belong to nobody.
	await work.writeJson(["seqgen", "checkpoint.json"], { fingerprint: identity });
	const start = resume?.trainer.step ?? 0;
	const progress = trainingProgress(context, "seqgen", { total: config.steps, start });
	try {
		return await trainSequenceGenerator(pool, examples, config, {
			signal: cli.signal,
			onProgress: progress.onProgress,
			checkpoint: (state) => saveSequenceCheckpoint(checkpointPath(work), state),
			...(resume && { resume }),
		});
	} finally {
		progress.stop();
	}
}

function checkpointPath(work: Workspace): string {
	return work.path("seqgen", "checkpoint.safetensors");
}

async function readCheckpoint(work: Workspace, identity: string): Promise<SequenceCheckpoint | undefined> {
	const text = await readFile(work.path("seqgen", "checkpoint.json"), "utf8").catch(() => undefined);
	if (text === undefined) return undefined;
	const { fingerprint: found } = JSON.parse(text) as { fingerprint?: string };
	requireSame(checkpointPath(work), found, identity);
	return loadSequenceCheckpoint(checkpointPath(work)).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
}
