import { rm } from "node:fs/promises";
import { evaluateGvae, exportGvae, GvaeModel, type LabelledCell, trainGvae as train } from "@archgen/gvae";
import { ZC_COLUMNS } from "@archgen/mixture";
import { createRandom, type Random, shuffled } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { drawCells } from "../labels/draw-cells.js";
import { readLabelledCells } from "./labelled-cells.js";
import { type StageContext, type TrainingStage, trainingProgress } from "./stage.js";
import { storedForm } from "./stored-form.js";
import { loadCheckpoint, saveCheckpoint } from "./trainer-checkpoint.js";
import { fingerprint } from "./workspace.js";

/** Encoder, decoder and predictor of cells. */
export const trainGvae: TrainingStage = {
	description: "Train the graph auto-encoder of cells with its zero-cost predictor",
	run: async (context) => {
		const { work, profile, cli, workers } = context;
		const { config } = profile.gvae;
		await work.read("mixture", "mixture", "labels.jsonl");
		const data = await readLabelledCells(work.path("mixture", "labels.jsonl"));
		const parts = splitCells(data.cells, profile.gvae, config.seed);
		const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
		try {
			const parameters = await trainOrResume(context, pool, parts, data.digest);
			for (const [name, bytes] of exportGvae(parameters, config.size))
				await work.write(["gvae", name], storedForm(name, bytes));
			const model = await GvaeModel.load(pool, work.path("gvae"));
			const metrics = await measure(model, parts, createRandom(config.seed).fork("measure"), cli.signal);
			return { config: profile.gvae, inputs: { labels: data.digest }, metrics };
		} finally {
			await pool.close();
		}
	},
};

/** Quality on cells that training never saw, by name. */
async function measure(model: GvaeModel, parts: GvaeParts, random: Random, signal: AbortSignal) {
	const { predictorR2, predictorSpearman, ...shares } = await evaluateGvae(model, {
		heldOut: parts.heldOutCells,
		labelled: parts.heldOutLabels,
		known: new Set(parts.training.map(({ cell }) => cell.hash)),
		samples: parts.heldOutCells.length,
		random,
		signal,
	});
	const byProxy = (name: string, values: readonly number[]) =>
		values.map((value, i) => [`${name}.${ZC_COLUMNS[i]}`, value] as const);
	const predictor = [
		...byProxy("predictorR2", predictorR2),
		...byProxy("predictorSpearman", predictorSpearman),
	];
	return { ...shares, ...Object.fromEntries(predictor) };
}

/** What is learned from and what is kept back. */
interface GvaeParts {
	readonly training: readonly LabelledCell[];
	readonly heldOutLabels: readonly LabelledCell[];
	/** Cells that training never sees, labelled or not. */
	readonly heldOutCells: readonly Cell[];
}

function splitCells(
	cells: readonly LabelledCell[],
	sizes: { readonly heldOutLabels: number; readonly heldOutCells: number },
	seed: number,
): GvaeParts {
	const random = createRandom(seed);
	const order = shuffled(random.fork("split"), cells);
	const labelled = new Set(cells.map(({ cell }) => cell.hash));
	const drawn = [...drawCells(random.fork("held-out"), sizes.heldOutCells)].map(({ cell }) => cell);
	return {
		training: order.slice(sizes.heldOutLabels),
		heldOutLabels: order.slice(0, sizes.heldOutLabels),
		heldOutCells: drawn.filter(({ hash }) => !labelled.has(hash)),
	};
}

async function trainOrResume(context: StageContext, pool: SessionPool, parts: GvaeParts, labels: string) {
	const { work, profile, cli, restart } = context;
	const { config, checkpointEvery } = profile.gvae;
	const path = work.path("gvae", "checkpoint.safetensors");
	const identity = fingerprint("gvae", profile.gvae, labels);
	if (restart) await rm(path, { force: true });
	const resume = (await loadCheckpoint(path, identity))?.state;
	const progress = trainingProgress(context, "gvae", { total: config.steps, start: resume?.step ?? 0 });
	const exclude = new Set(
		[...parts.heldOutCells, ...parts.heldOutLabels.map(({ cell }) => cell)].map(({ hash }) => hash),
	);
	try {
		const trained = await train(
			pool,
			{ labelled: parts.training, unlabelled: "generated", exclude },
			config,
			{
				signal: cli.signal,
				onProgress: progress.onProgress,
				checkpoint: { every: checkpointEvery, save: (state) => saveCheckpoint(path, identity, state) },
				...(resume && { resume }),
			},
		);
		return trained.parameters;
	} finally {
		progress.stop();
	}
}
