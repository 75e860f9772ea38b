import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "@archgen/files";
import {
	type ClusteredCell,
	type DistanceMatrix,
	exactReconstruction,
	exportGvae,
	type GvaeConfig,
	GvaeModel,
	gvaeTrainingPool,
	type LatentMeasures,
	latentDistances,
	measureLatents,
} from "@archgen/gvae";
import { assign, fitMixture } from "@archgen/mixture";
import {
	fingerprint,
	fitGvae,
	type GvaeParts,
	type LabelledCells,
	type RunContext,
	splitCells,
} from "@archgen/pipeline";
import { type PointPlot, renderSvg } from "@archgen/plots";
import { createRandom } from "@archgen/random";
import type { SessionPool } from "@archgen/tensor-graph";
import { table } from "@archgen/text";
import { embed } from "./embed.js";
import { LATENT_HEAD, latentColumns } from "./latent-columns.js";

/** What the figure stands on. */
export interface Figure2Task {
	readonly labels: LabelledCells;
	readonly config: GvaeConfig;
	/** K of the mixture that colours the cells. */
	readonly components: number;
	/** Labelled cells kept back from both trainings. */
	readonly heldOutLabels: number;
	/** Further random cells kept back, to measure reconstruction. */
	readonly heldOutCells: number;
	readonly checkpointEvery: number;
	/** Folder of checkpoints, models and pictures. */
	readonly folder: string;
	readonly restart: boolean;
	/** Threads of the trainer. */
	readonly workers: number;
}

/** One of the two latent spaces. */
export interface LatentSpace {
	readonly name: "with triplet" | "without triplet";
	/** Held-out random cells that come back exactly. */
	readonly exactReconstruction: number;
	/** Of labelled cells that were trained on, and of those that were not. */
	readonly training: LatentMeasures;
	readonly unseen: LatentMeasures;
	/** File of the picture. */
	readonly svg: string;
}

export interface Figure2 {
	readonly steps: number;
	readonly seed: number;
	/** Width of the encoder's node states. */
	readonly hidden: number;
	readonly labelledCells: number;
	readonly components: number;
	readonly spaces: readonly LatentSpace[];
}

const VARIANTS = [
	{ name: "with triplet", folder: "with-triplet", hasTriplet: true },
	{ name: "without triplet", folder: "without-triplet", hasTriplet: false },
] as const;

/** Trains the G-VAE with and without the triplet term, alike in all else, and measures how ordered the two latent spaces are. */
export async function figure2(cli: RunContext, task: Figure2Task): Promise<Figure2> {
	const { labels, config, components } = task;
	const parts = splitCells(labels.cells, task, config.seed);
	const cells = await clustered(parts, task, cli.signal);
	const spaces: LatentSpace[] = [];
	for (const variant of VARIANTS) spaces.push(await latentSpace(cli, task, parts, cells, variant));
	return {
		steps: config.steps,
		seed: config.seed,
		hidden: config.size.hidden,
		labelledCells: labels.cells.length,
		components,
		spaces,
	};
}

/** All labelled cells, the training ones first, with their clusters. */
async function clustered(
	{ training, heldOutLabels }: GvaeParts,
	{ labels, components, config }: Figure2Task,
	signal: AbortSignal,
): Promise<ClusteredCell[]> {
	const random = createRandom(config.seed).fork("mixture");
	const samples = labels.cells.map(({ zc }) => zc);
	const { mixture } = await fitMixture(samples, { components, random, signal });
	return [...training, ...heldOutLabels].map(({ zc }) => ({ zc, cluster: assign(mixture, zc) }));
}

async function latentSpace(
	cli: RunContext,
	task: Figure2Task,
	parts: GvaeParts,
	cells: readonly ClusteredCell[],
	{ name, folder, hasTriplet }: (typeof VARIANTS)[number],
): Promise<LatentSpace> {
	const { signal } = cli;
	const pool = gvaeTrainingPool(task.workers);
	try {
		const model = await train(cli, pool, task, parts, join(task.folder, folder), hasTriplet);
		cli.remark(`${name}: measuring the latent space`);
		const labelled = [...parts.training, ...parts.heldOutLabels].map(({ cell }) => cell);
		const distances = await latentDistances(await model.encode(labelled, signal), model.latent, signal);
		const rows = cells.map((_, row) => row);
		const known = parts.training.length;
		return {
			name,
			exactReconstruction: await exactReconstruction(model, parts.heldOutCells, signal),
			training: await measureLatents(distances, cells, rows.slice(0, known), { signal }),
			unseen: await measureLatents(distances, cells, rows.slice(known), { signal }),
			svg: await draw(cli, task, distances, cells, name, folder),
		};
	} finally {
		await pool.close();
	}
}

async function train(
	cli: RunContext,
	pool: SessionPool,
	task: Figure2Task,
	parts: GvaeParts,
	folder: string,
	hasTriplet: boolean,
): Promise<GvaeModel> {
	const { weights, ...rest } = task.config;
	// The published loss: counts of unlabelled cells would order both spaces.
	const published = { ...weights, counts: 0 };
	const config: GvaeConfig = {
		...rest,
		weights: hasTriplet ? published : { ...published, triplet: 0 },
	};
	const { heldOutLabels, heldOutCells } = task;
	const { parameters } = await fitGvae(cli, pool, parts, {
		title: hasTriplet ? "with triplet" : "without triplet",
		config,
		standardizer: task.labels.standardizer,
		checkpoint: join(folder, "checkpoint.safetensors"),
		identity: fingerprint("figure 2", config, heldOutLabels, heldOutCells, task.labels.digest),
		checkpointEvery: task.checkpointEvery,
		restart: task.restart,
	});
	const files = exportGvae(parameters, config.size);
	await mkdir(folder, { recursive: true });
	for (const [file, bytes] of files) await writeWhole(join(folder, file), bytes);
	return GvaeModel.fromFiles(pool, files);
}

async function draw(
	{ signal }: RunContext,
	task: Figure2Task,
	distances: DistanceMatrix,
	cells: readonly ClusteredCell[],
	name: string,
	file: string,
): Promise<string> {
	const points = await embed(distances, createRandom(task.config.seed).fork("umap"), signal);
	const plot: PointPlot = {
		kind: "points",
		title: `Latents ${name}: UMAP of ${cells.length.toLocaleString("en-US")} cells, coloured by cluster`,
		x: { title: "UMAP 1" },
		y: { title: "UMAP 2" },
		points: points.map(([x, y], row) => ({ x, y, group: String(cells[row]!.cluster).padStart(3, "0") })),
	};
	const path = join(task.folder, `${file}.svg`);
	await writeWhole(path, await renderSvg(plot));
	return path;
}

/** A row for each latent space and part of the cells. */
export function describeFigure2({ spaces, steps, hidden, labelledCells, components }: Figure2): string {
	const head = ["latents", "cells", ...LATENT_HEAD, "reconstruction"];
	const rows = spaces.flatMap((space) =>
		(["training", "unseen"] as const).map((part) => {
			const reconstruction = part === "unseen" ? space.exactReconstruction.toFixed(3) : "";
			const measures = space[part];
			return [`${space.name}, ${part}`, measures.cells, ...latentColumns(measures), reconstruction];
		}),
	);
	return [
		table(head, rows),
		"",
		`${steps} steps, hidden ${hidden}, ${labelledCells} labelled cells, ${components} clusters; pictures: ${spaces.map(({ svg }) => svg).join(", ")}`,
	].join("\n");
}
