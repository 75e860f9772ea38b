import { readFile, rm } from "node:fs/promises";
import { type EvolutionRecord, withShape } from "@archgen/evolution";
import { mixtureFromJson } from "@archgen/mixture";
import {
	examplesFromHistory,
	loadSequenceCheckpoint,
	type SequenceCheckpoint,
	type SequenceExample,
	type SequenceTrainingConfig,
	saveSequenceCheckpoint,
	trainSequenceGenerator,
	writeModelFolder,
} from "@archgen/seqgen";
import { SessionPool } from "@archgen/tensor-graph";
import type { HistoryProfile, Profile } from "../profiles.js";
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
		const mixture = mixtureFromJson(await work.readJson("mixture", "mixture", "mixture.json"));
		const examples = await readExamples(context);
		const { config } = profile.seqgen;
		const vocabulary = { ...config.vocabulary, clusters: mixture.weights.length };
		const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
		try {
			const identity = fingerprint("seqgen", config, vocabulary, examples);
			const trained = await trainOrResume(context, pool, examples, { ...config, vocabulary }, identity);
			await rm(work.path("seqgen", "model"), { recursive: true, force: true });
			await writeModelFolder(work.path("seqgen", "model"), trained, { safetensors: false });
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

async function readExamples({ work, profile }: StageContext): Promise<SequenceExample[]> {
	return examplesOf(profile, async (history) => {
		await work.read("histories", "histories", `${history.name}.jsonl`);
		return readHistory(historyPath(work, history));
	});
}

/** The better part of every history of the profile, each judged by itself. */
async function examplesOf(
	{ histories, seqgen }: Profile,
	read: (history: HistoryProfile) => Promise<readonly EvolutionRecord[]>,
): Promise<SequenceExample[]> {
	const examples: SequenceExample[] = [];
	for (const history of histories) {
		const { size: inputSize, classes } = history.target;
		const entries = (await read(history)).map(withShape);
		examples.push(...examplesFromHistory(entries, { inputSize, classes }, seqgen.keep));
	}
	return examples;
}

async function trainOrResume(
	context: StageContext,
	pool: SessionPool,
	examples: readonly SequenceExample[],
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
