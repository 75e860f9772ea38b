import { zcDistance } from "@archgen/design";
import { fillNormal, type Random } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import { pearson, rSquared, spearman } from "@archgen/statistics";
import type { DecodeResult } from "./decode-cell.js";
import { ZC_DIMENSION } from "./dimensions.js";
import type { GvaeModel } from "./gvae-model.js";
import type { LabelledCell } from "./training-batch.js";

export interface GvaeEvaluationData {
	/** Cells never trained on. */
	readonly heldOut: readonly Cell[];
	/** Labelled cells never trained on, at least three. */
	readonly labelled: readonly LabelledCell[];
	/** Canonical hashes of the training cells: a prior sample that is not among them is novel. */
	readonly known: ReadonlySet<string>;
	/** Number of prior samples. */
	readonly samples: number;
	readonly random: Random;
	readonly signal?: AbortSignal;
}

/** All shares are between 0 and 1. */
export interface GvaeEvaluation {
	/** Held-out cells that come back with the same canonical hash. */
	readonly exactReconstruction: number;
	/** Prior samples that decode to a cell. */
	readonly validity: number;
	/** Prior samples that decode to a cell without an added edge. */
	readonly validityWithoutRepair: number;
	/** Distinct cells among the valid prior samples. */
	readonly uniqueness: number;
	/** Distinct valid prior samples that are not known. */
	readonly novelty: number;
	/** R² and Spearman correlation of the predictor for each proxy of the zero-cost vector. */
	readonly predictorR2: readonly number[];
	readonly predictorSpearman: readonly number[];
	/** Pearson correlation of the latents' L1 distance with ZC distance over pairs of labelled cells. */
	readonly distanceCorrelation: number;
}

/** Measures the model on cells that the model has never seen. */
export async function evaluateGvae(model: GvaeModel, data: GvaeEvaluationData): Promise<GvaeEvaluation> {
	const { heldOut, labelled, signal } = data;
	const { r2, spearman: ranks, latents } = await predictorMeasures(model, labelled, signal);
	return {
		exactReconstruction: await exactReconstruction(model, heldOut, signal),
		...(await priorMeasures(model, data)),
		predictorR2: r2,
		predictorSpearman: ranks,
		distanceCorrelation: distanceCorrelation(latents, model.latent, labelled),
	};
}

/** Share of cells whose latent decodes to the same canonical hash. */
export async function exactReconstruction(
	model: GvaeModel,
	cells: readonly Cell[],
	signal?: AbortSignal,
): Promise<number> {
	return (await reconstructs(model, cells, signal)).filter(Boolean).length / cells.length;
}

/** Whether the latent of each cell decodes to the same canonical hash. */
export async function reconstructs(
	model: GvaeModel,
	cells: readonly Cell[],
	signal?: AbortSignal,
): Promise<boolean[]> {
	const decoded = await model.decode(await model.encode(cells, signal), signal);
	return decoded.map((result, i) => result.ok && result.cell.hash === cells[i]!.hash);
}

/** Prior samples decoded between two reports of progress. */
const SAMPLES_AT_ONCE = 500;

/** Validity, uniqueness and novelty of latents drawn from the prior N(0, 1). */
export async function priorMeasures(
	model: GvaeModel,
	data: Pick<GvaeEvaluationData, "samples" | "random" | "known" | "signal"> & {
		readonly onProgress?: (done: number) => void;
	},
): Promise<Pick<GvaeEvaluation, "validity" | "validityWithoutRepair" | "uniqueness" | "novelty">> {
	const { samples, random, known, signal, onProgress } = data;
	const noise = fillNormal(random, new Float32Array(samples * model.latent));
	const valid: (DecodeResult & { ok: true })[] = [];
	for (let start = 0; start < samples; start += SAMPLES_AT_ONCE) {
		const end = Math.min(samples, start + SAMPLES_AT_ONCE);
		const decoded = await model.decode(noise.subarray(start * model.latent, end * model.latent), signal);
		valid.push(...decoded.filter((result) => result.ok));
		onProgress?.(end);
	}
	const distinct = new Set(valid.map(({ cell }) => cell.hash));
	const novel = [...distinct].filter((hash) => !known.has(hash));
	return {
		validity: valid.length / samples,
		validityWithoutRepair: valid.filter(({ repaired }) => !repaired).length / samples,
		uniqueness: distinct.size / Math.max(1, valid.length),
		novelty: novel.length / Math.max(1, distinct.size),
	};
}

/** R² and Spearman correlation of the predictor by proxy, with the latents it read. */
export async function predictorMeasures(
	model: GvaeModel,
	labelled: readonly LabelledCell[],
	signal?: AbortSignal,
): Promise<{
	readonly r2: readonly number[];
	readonly spearman: readonly number[];
	readonly latents: Float32Array;
}> {
	const cells = labelled.map(({ cell }) => cell);
	const latents = await model.encode(cells, signal);
	const predicted = await model.predict(latents, signal);
	const proxies = Array.from({ length: ZC_DIMENSION }, (_, proxy) => ({
		predicted: labelled.map((_, row) => predicted[row * ZC_DIMENSION + proxy]!),
		actual: labelled.map(({ zc }) => zc[proxy]!),
	}));
	return {
		r2: proxies.map((proxy) => rSquared(proxy.predicted, proxy.actual)),
		spearman: proxies.map((proxy) => spearman(proxy.predicted, proxy.actual)),
		latents,
	};
}

/** Neighbouring rows only: as many pairs as cells, which is plenty for a correlation and linear in their number. */
function distanceCorrelation(
	latents: Float32Array,
	width: number,
	labelled: readonly LabelledCell[],
): number {
	const pairs = labelled.slice(1).map((cell, i) => ({
		latent: l1(
			latents.subarray(i * width, (i + 1) * width),
			latents.subarray((i + 1) * width, (i + 2) * width),
		),
		zc: zcDistance(labelled[i]!.zc, cell.zc),
	}));
	return pearson(
		pairs.map((pair) => pair.latent),
		pairs.map((pair) => pair.zc),
	);
}

function l1(a: Float32Array, b: Float32Array): number {
	return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0);
}
