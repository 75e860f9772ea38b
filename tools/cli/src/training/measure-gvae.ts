import type { GvaeModel, LabelledCell } from "@archgen/gvae";
import { ZC_COLUMNS } from "@archgen/mixture";
import { fillNormal, type Random } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import { rSquared, spearman } from "./statistics.js";
import type { GvaeParts } from "./train-gvae.js";

/**
 * Quality of a G-VAE on cells it never saw, as shares of 1: exact reconstruction (same canonical hash), validity,
 * uniqueness and novelty of prior samples, and how well the predictor knows each column of the zero-cost vector.
 */
export async function measureGvae(
	model: GvaeModel,
	{ training, heldOutLabels, heldOutCells }: GvaeParts,
	random: Random,
	signal?: AbortSignal,
): Promise<Record<string, number>> {
	const known = new Set(training.map(({ cell }) => cell.hash));
	return {
		reconstruction: await reconstruction(model, heldOutCells, signal),
		...(await priorSamples(model, heldOutCells.length, known, random, signal)),
		...(await predictorQuality(model, heldOutLabels, signal)),
	};
}

async function reconstruction(
	model: GvaeModel,
	cells: readonly Cell[],
	signal?: AbortSignal,
): Promise<number> {
	const decoded = await model.decode(await model.encode(cells, signal), signal);
	return (
		decoded.filter((result, i) => result.ok && result.cell.hash === cells[i]!.hash).length / cells.length
	);
}

async function priorSamples(
	model: GvaeModel,
	count: number,
	known: ReadonlySet<string>,
	random: Random,
	signal?: AbortSignal,
): Promise<Record<string, number>> {
	const latents = fillNormal(random, new Float32Array(count * model.latent));
	const valid = (await model.decode(latents, signal)).filter((result) => result.ok);
	const hashes = new Set(valid.map(({ cell }) => cell.hash));
	return {
		priorValidity: valid.length / count,
		priorValidityUnrepaired: valid.filter(({ repaired }) => !repaired).length / count,
		priorUniqueness: hashes.size / Math.max(1, valid.length),
		priorNovelty: [...hashes].filter((hash) => !known.has(hash)).length / Math.max(1, hashes.size),
	};
}

async function predictorQuality(
	model: GvaeModel,
	labelled: readonly LabelledCell[],
	signal?: AbortSignal,
): Promise<Record<string, number>> {
	const latents = await model.encode(
		labelled.map(({ cell }) => cell),
		signal,
	);
	const predicted = await model.predict(latents, signal);
	const metrics: Record<string, number> = {};
	ZC_COLUMNS.forEach((column, j) => {
		const actual = labelled.map(({ zc }) => zc[j]!);
		const guess = labelled.map((_, i) => predicted[i * ZC_COLUMNS.length + j]!);
		metrics[`predictorR2.${column}`] = rSquared(actual, guess);
		metrics[`predictorSpearman.${column}`] = spearman(actual, guess);
	});
	return metrics;
}
