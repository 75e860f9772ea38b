import { type GvaeReport, gvaeTraining, measureGvae, trainedCells, unseenCells } from "@archgen/experiments";
import { GvaeModel } from "@archgen/gvae";
import { mixtureFromJson, standardizerFromJson } from "@archgen/mixture";
import { BUNDLE_LAYOUT } from "@archgen/models";
import { bundleCellFiles, drawCells } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { SessionPool } from "@archgen/tensor-graph";
import { table } from "@archgen/text";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { addRecordOption, type RecordOption, recordMetrics } from "../bundle/record-metrics.js";
import { type CliContext, type CommonOptions, integer, newCommand, printResult } from "../cli/index.js";
import { startProgress } from "../cli/progress.js";
import { LATENT_HEAD, latentColumns } from "../validation/latent-columns.js";

interface Options extends ModelOptions, RecordOption, CommonOptions {
	readonly cells: number;
	readonly samples: number;
	readonly labels?: string;
	readonly trainedOn?: string;
	readonly workers: number;
}

interface Result extends GvaeReport {
	readonly name: string;
	readonly version: string;
	/** Of the reconstructed cells, those that training was kept from; a small one among the others may have been drawn there too. */
	readonly keptFromTraining: number;
}

/** `archgen validate gvae`: what a bundle's G-VAE does on cells that it has not seen. */
export function gvaeCommand(context: CliContext): Command {
	const text = {
		name: "gvae",
		description:
			"Measure a bundle's G-VAE on unseen cells: exact reconstruction by size, prior samples, and with labels the predictor and the order of the latents",
		examples: ["validate gvae --cells 10000 --samples 10000 --labels runs/default/labels.jsonl --json"],
	};
	return addRecordOption(addModelOptions(newCommand(context, text)))
		.option("--cells <n>", "random cells to reconstruct", integer({ min: 1, max: 10_000_000 }), 10_000)
		.option("--samples <n>", "samples of the prior to decode", integer({ min: 1, max: 1_000_000 }), 10_000)
		.option(
			"--labels <file>",
			"measured cells; predictor and latents are compared with those that training did not see",
		)
		.option("--trained-on <file>", "labels that the bundle was trained on; those of --labels unless given")
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.action(async (options: Options) => {
			const result = await measure(context, options);
			printResult(context, options, result, describe);
			await recordMetrics(context, options, result, "validation.gvae", figuresOf(result));
		});
}

async function measure(context: CliContext, options: Options): Promise<Result> {
	const { stderr, signal } = context;
	const bundle = await openModel(options, context);
	const { name, version } = bundle.manifest;
	const training = gvaeTraining(bundle.manifest);
	const files = await bundleCellFiles(bundle);
	const { cells: count, samples, labels, trainedOn = labels, workers } = options;
	const known = trainedOn === undefined ? null : await trainedCells(trainedOn, training);
	const labelled =
		labels === undefined
			? []
			: await unseenCells(labels, known ?? new Set(), standardizerFromJson(files.standardizer));
	const random = createRandom(training.seed);
	// The stream that training was kept from, as far as that goes.
	const drawn = [...drawCells(random.fork("held-out"), count)].map(({ cell }) => cell);
	const cells = drawn.filter(({ hash }) => !known?.has(hash));
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
	const progress = startProgress(stderr, { title: "cells and samples", total: cells.length + samples });
	try {
		const model = await GvaeModel.load(pool, `${bundle.folder}/${BUNDLE_LAYOUT.gvae}`);
		const report = await measureGvae({
			model,
			cells,
			samples,
			known,
			labelled,
			mixture: mixtureFromJson(files.mixture),
			random: random.fork("measure"),
			signal,
			onProgress: (done) => progress.update(done),
		});
		const kept = new Set(drawn.slice(0, training.heldOutCells).map(({ hash }) => hash));
		const keptFromTraining = cells.filter(({ hash }) => kept.has(hash)).length;
		return { name, version, keptFromTraining, ...report };
	} finally {
		progress.stop();
		await pool.close();
	}
}

/** What the bundle's manifest keeps. */
function figuresOf({ reconstruction, prior, predictor, latents }: Result): object {
	const byProxy = (figure: "r2" | "spearman") =>
		Object.fromEntries(predictor?.proxies.map((row) => [row.name, row[figure]]) ?? []);
	return {
		cells: reconstruction[0]!.cells,
		exact: Object.fromEntries(reconstruction.map(({ operations, exact }) => [operations ?? "all", exact])),
		prior,
		labelledCells: predictor?.cells ?? null,
		r2: byProxy("r2"),
		spearman: byProxy("spearman"),
		latents,
	};
}

function describe({ reconstruction, keptFromTraining, prior, predictor, latents }: Result): string {
	const percent = (share: number | null) => (share === null ? "not known" : `${(100 * share).toFixed(2)} %`);
	const sizes = reconstruction.map(({ operations, cells, exact }) => [
		operations ?? "all",
		cells,
		percent(exact),
	]);
	const shares = [
		["valid", percent(prior.validity)],
		["valid without repair", percent(prior.validityWithoutRepair)],
		["unique", percent(prior.uniqueness)],
		["novel", percent(prior.novelty)],
	];
	const proxies =
		predictor?.proxies.map((row) => [row.name, row.r2.toFixed(3), row.spearman.toFixed(3)]) ?? [];
	const parts = [
		table(["operations", "unseen cells", "exact"], sizes),
		`${keptFromTraining} of these cells were kept from training, the others are random cells like those that it drew.`,
		table(["prior samples", String(prior.samples)], shares),
	];
	if (predictor) parts.push(table([`${predictor.cells} unseen labelled cells`, "R²", "Spearman"], proxies));
	if (latents)
		parts.push(
			table([`${latents.cells} latents of these`, ...LATENT_HEAD], [["", ...latentColumns(latents)]]),
		);
	return parts.join("\n\n");
}
