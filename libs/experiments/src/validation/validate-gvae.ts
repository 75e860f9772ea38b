import { GvaeModel } from "@archgen/gvae";
import { mixtureFromJson, standardizerFromJson } from "@archgen/mixture";
import { BUNDLE_LAYOUT, type Bundle } from "@archgen/models";
import { bundleCellFiles, drawCells, type RunContext } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { SessionPool } from "@archgen/tensor-graph";
import { percent, table } from "@archgen/text";
import { LATENT_HEAD, latentColumns } from "../reproduce/latent-columns.js";
import { type GvaeReport, measureGvae } from "./measure-gvae.js";
import { gvaeTraining, trainedCells, unseenCells } from "./training-part.js";

/** What a bundle's G-VAE is measured on. */
export interface GvaeJob {
	/** Random cells to reconstruct. */
	readonly cells: number;
	/** Samples of the prior. */
	readonly samples: number;
	/** Path of measured cells; predictor and latents are measured on those that training did not see. */
	readonly labels?: string | undefined;
	/** Path of the labels that the bundle was trained on; `labels` unless given. */
	readonly trainedOn?: string | undefined;
	/** Threads. */
	readonly workers: number;
}

/** Measures of the G-VAE of a bundle. */
export interface GvaeValidation extends GvaeReport {
	/** Name and version of the bundle. */
	readonly name: string;
	readonly version: string;
	/** Of the reconstructed cells, those that training was kept from; a small one among the others may have been drawn there too. */
	readonly keptFromTraining: number;
}

/** Measures a bundle's G-VAE on cells that it has not seen. */
export async function validateGvae(
	context: RunContext,
	bundle: Bundle,
	{ cells: count, samples, labels, trainedOn = labels, workers }: GvaeJob,
): Promise<GvaeValidation> {
	const { name, version } = bundle.manifest;
	const training = gvaeTraining(bundle.manifest);
	const files = await bundleCellFiles(bundle);
	const known = trainedOn === undefined ? null : await trainedCells(trainedOn, training);
	const standardizer = standardizerFromJson(files.standardizer);
	const labelled = labels === undefined ? [] : await unseenCells(labels, known ?? new Set(), standardizer);
	const random = createRandom(training.seed);
	// The stream that training was kept from, as far as that goes.
	const drawn = [...drawCells(random.fork("held-out"), count)].map(({ cell }) => cell);
	const cells = drawn.filter(({ hash }) => !known?.has(hash));
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
	const progress = context.startProgress({ title: "cells and samples", total: cells.length + samples });
	try {
		const model = await GvaeModel.load(pool, `${bundle.folder}/${BUNDLE_LAYOUT.gvae}`);
		const report = await measureGvae({
			...{ model, cells, samples, known, labelled },
			mixture: mixtureFromJson(files.mixture),
			random: random.fork("measure"),
			signal: context.signal,
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

/** What a bundle's manifest keeps. */
export function gvaeFigures({ reconstruction, prior, predictor, latents }: GvaeValidation): object {
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

/** Tables for people. */
export function describeGvae({
	reconstruction,
	keptFromTraining,
	prior,
	predictor,
	latents,
}: GvaeValidation): string {
	const share = (value: number | null) => (value === null ? "not known" : percent(value, 2));
	const sizes = reconstruction.map(({ operations, cells, exact }) => [
		operations ?? "all",
		cells,
		share(exact),
	]);
	const shares = [
		["valid", share(prior.validity)],
		["valid without repair", share(prior.validityWithoutRepair)],
		["unique", share(prior.uniqueness)],
		["novel", share(prior.novelty)],
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
