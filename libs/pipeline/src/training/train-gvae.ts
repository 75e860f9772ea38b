import { ZC_COLUMNS } from "@archgen/design";
import { evaluateGvae, exportGvae, GvaeModel, gvaeTrainingPool } from "@archgen/gvae";
import { createRandom, type Random } from "@archgen/random";
import { fitGvae, type HeldOutPoint } from "./fit-gvae.js";
import { type GvaeParts, splitCells } from "./gvae-parts.js";
import { readLabelledCells } from "./labelled-cells.js";
import type { TrainingStage } from "./stage.js";
import { storedForm } from "./stored-form.js";
import { fingerprint } from "./workspace.js";

/** Encoder, decoder and predictor of cells. */
export const trainGvae: TrainingStage = {
	description: "Train the graph auto-encoder of cells with its zero-cost predictor",
	run: async (context) => {
		const { work, profile, cli, workers, restart } = context;
		const { config, checkpointEvery } = profile.gvae;
		await work.read("mixture", "mixture", "labels.jsonl");
		const data = await readLabelledCells(work.path("mixture", "labels.jsonl"));
		const parts = splitCells(data.cells, profile.gvae, config.seed);
		const pool = gvaeTrainingPool(workers);
		try {
			const { parameters, heldOut } = await fitGvae(cli, pool, parts, {
				title: "gvae",
				config,
				standardizer: data.standardizer,
				checkpoint: work.path("gvae", "checkpoint.safetensors"),
				identity: fingerprint("gvae", profile.gvae, data.digest),
				checkpointEvery,
				restart,
			});
			for (const [name, bytes] of exportGvae(parameters, config.size))
				await work.write(["gvae", name], storedForm(name, bytes));
			const model = await GvaeModel.load(pool, work.path("gvae"));
			const metrics = await measure(model, parts, createRandom(config.seed).fork("measure"), cli.signal);
			return {
				config: profile.gvae,
				inputs: { labels: data.digest },
				metrics: { ...metrics, ...heldOutLosses(heldOut) },
			};
		} finally {
			await pool.close();
		}
	},
};

/** The held-out loss of every checkpoint and the terms of the last one, by name. */
function heldOutLosses(points: readonly HeldOutPoint[]): Record<string, number> {
	const { loss: _, ...terms } = points.at(-1)!.values;
	return Object.fromEntries([
		...points.map(({ step, values }) => [`heldOutLoss.${step}`, values.loss!] as const),
		...Object.entries(terms).map(([name, value]) => [`heldOutLoss.${name}`, value] as const),
	]);
}

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
