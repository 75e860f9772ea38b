import type { ImageBatch } from "@archgen/datasets";
import type { DecodeResult } from "@archgen/gvae";
import { standardize, zcDistance } from "@archgen/mixture";
import type { ZcVector } from "@archgen/proxies";
import { createRandom, fillNormal, type Random } from "@archgen/random";
import { type Cell, cellFromNasBench201, randomCell } from "@archgen/search-space";
import type { CellModels } from "../cells/cell-models.js";
import { labelCells } from "../labels/label-cells.js";
import { isMeasured, type Label } from "../labels/label-file.js";
import type { Scorer } from "../scoring/score-twice.js";
import { zcRow } from "../training/labelled-cells.js";
import { mean, standardDeviation } from "../training/statistics.js";

/** The best cell of NATS-Bench, the reference of Table 1. */
export const REFERENCE_CELL =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

/** Noise around the reference's latent, tried from small to large, in units of a standard normal latent. */
const NEIGHBOURHOODS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6];

export interface Spread {
	readonly mean: number;
	/** Standard deviation with n − 1. */
	readonly sd: number;
}

/** One way of sampling. */
export interface Table1Row {
	readonly method: "random" | "neighbourhood" | "ccnf";
	/** Noise: ε of the neighbourhood, temperature of the flow. */
	readonly noise: number | null;
	readonly samples: number;
	/** Samples that gave a cell with a zero-cost vector. */
	readonly successes: number;
	/** Distinct cells among them. */
	readonly distinct: number;
	readonly naswot: Spread;
	readonly snipSsnr: Spread;
	readonly parameterCount: Spread;
	readonly flopCount: Spread;
	/** ZC distance to the reference, in standardised units. */
	readonly zcDistance: Spread;
}

export interface Table1 {
	readonly reference: ZcVector;
	readonly rows: readonly Table1Row[];
}

/** What the table stands on. */
export interface Table1Task {
	readonly models: CellModels;
	readonly scorer: Scorer;
	readonly batch: ImageBatch;
	readonly samples: number;
	readonly temperature: number;
	readonly seed: number;
	/** Cells scored at once. */
	readonly parallelism: number;
	readonly signal: AbortSignal;
	/** Labels computed before, by an interrupted run. */
	readonly known: readonly Label[];
	readonly onLabel: (label: Label, done: number, total: number) => Promise<void>;
}

/** A way of sampling with the cells it gave; null for a sample that is no cell. */
interface Draw {
	readonly method: Table1Row["method"];
	readonly noise: number | null;
	readonly cells: readonly (Cell | null)[];
}

/**
 * Cells around a reference, sampled in three ways: at random, in the neighbourhood of its latent, and by the flow under
 * its predicted zero-cost vector. The neighbourhood is the smallest of a list that gives as many distinct cells as the flow: with
 * less noise it would only return the reference itself.
 */
export async function table1(task: Table1Task): Promise<Table1> {
	const reference = cellFromNasBench201(REFERENCE_CELL);
	const labels = new Map(task.known.map((label) => [label.cell.hash, label]));
	await label(task, [reference], labels, 0);
	const z = vectorOf(labels, reference)!;
	const random = createRandom(task.seed).fork("table 1");
	const flow = await flowDraw(task, reference, random.fork("ccnf"));
	const near = await neighbourhood(task, reference, distinctCount(flow.cells), random.fork("neighbourhood"));
	const cells = Array.from({ length: task.samples }, (_, i) => randomCell(random.fork("random").fork(i)));
	const draws: Draw[] = [{ method: "random", noise: null, cells }, near, flow];
	const wanted = draws.flatMap((draw) => draw.cells.filter((cell) => cell !== null));
	await label(task, wanted, labels, 1);
	return { reference: z, rows: draws.map((draw) => rowOf(draw, labels, z, task.models)) };
}

/**
 * The flow under the vector that the predictor q gives the reference, q(f_r): the flow learned from pairs (f, q(f)), so what is like the
 * reference to it stands there, wherever q puts the reference.
 */
async function flowDraw(
	{ models, samples, temperature, signal }: Table1Task,
	reference: Cell,
	random: Random,
): Promise<Draw> {
	const z = [...(await models.gvae.predict(await models.gvae.encode([reference], signal), signal))];
	const conditions = Array.from({ length: samples }, () => z);
	const { latents } = await models.ccnf.sample({ conditions, temperature, random, signal });
	return {
		method: "ccnf",
		noise: temperature,
		cells: (await models.gvae.decode(latents, signal)).map(cellOf),
	};
}

async function neighbourhood(
	{ models, samples, signal }: Table1Task,
	reference: Cell,
	distinct: number,
	random: Random,
): Promise<Draw> {
	const centre = await models.gvae.encode([reference], signal);
	const noise = fillNormal(random, new Float32Array(samples * centre.length));
	let draw: Draw | undefined;
	for (const epsilon of NEIGHBOURHOODS) {
		const latents = noise.map((value, i) => centre[i % centre.length]! + epsilon * value);
		const cells = (await models.gvae.decode(latents, signal)).map(cellOf);
		draw = { method: "neighbourhood", noise: epsilon, cells };
		if (distinctCount(cells) >= distinct) break;
	}
	return draw!;
}

/** Scores the cells that have no label yet. */
async function label(
	task: Table1Task,
	cells: readonly Cell[],
	labels: Map<string, Label>,
	before: number,
): Promise<void> {
	const unknown = new Map(cells.filter(({ hash }) => !labels.has(hash)).map((cell) => [cell.hash, cell]));
	const first = labels.size;
	const total = before + unknown.size;
	await labelCells({
		...task,
		cells: [...unknown.values()].map((cell, i) => ({ index: first + i, cell })),
		onLabel: async (found) => {
			labels.set(found.cell.hash, found);
			await task.onLabel(found, labels.size - first + before, total);
		},
	});
}

function rowOf(
	{ method, noise, cells }: Draw,
	labels: ReadonlyMap<string, Label>,
	reference: ZcVector,
	models: CellModels,
): Table1Row {
	const found = cells.flatMap((cell) => {
		const z = cell && vectorOf(labels, cell);
		return z ? [{ hash: cell.hash, z }] : [];
	});
	const target = standardize(models.standardizer, zcRow(reference));
	const distances = found.map(({ z }) => zcDistance(standardize(models.standardizer, zcRow(z)), target));
	const column = (name: keyof ZcVector) => spread(found.map(({ z }) => z[name]));
	return {
		method,
		noise,
		samples: cells.length,
		successes: found.length,
		distinct: new Set(found.map(({ hash }) => hash)).size,
		naswot: column("naswot"),
		snipSsnr: column("snipSsnr"),
		parameterCount: column("parameterCount"),
		flopCount: column("flopCount"),
		zcDistance: spread(distances),
	};
}

/** The zero-cost vector of a labelled cell; a cell without gradient has none on a log scale. */
function vectorOf(labels: ReadonlyMap<string, Label>, { hash }: Cell): ZcVector | undefined {
	const found = labels.get(hash);
	return found !== undefined && isMeasured(found) && found.z.snipSsnr > 0 ? found.z : undefined;
}

function cellOf(result: DecodeResult): Cell | null {
	return result.ok ? result.cell : null;
}

function distinctCount(cells: readonly (Cell | null)[]): number {
	return new Set(cells.flatMap((cell) => (cell === null ? [] : [cell.hash]))).size;
}

function spread(values: readonly number[]): Spread {
	return { mean: mean(values), sd: standardDeviation(values) };
}
