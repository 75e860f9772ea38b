import { ZC_COLUMNS } from "@archgen/design";
import {
	type GvaeModel,
	type LabelledCell,
	type LatentMeasures,
	latentDistances,
	measureLatents,
	predictorMeasures,
	priorMeasures,
	reconstructs,
} from "@archgen/gvae";
import { assign, type Mixture } from "@archgen/mixture";
import type { Random } from "@archgen/random";
import type { Cell } from "@archgen/search-space";

/** Exact reconstruction of cells of one size. */
export interface SizeReport {
	/** Operations of the cells, or null for all of them. */
	readonly operations: number | null;
	readonly cells: number;
	/** Share that decodes to the same cell. */
	readonly exact: number;
}

/** How well a G-VAE does on cells that it has not seen; shares between 0 and 1. */
export interface GvaeReport {
	/** All sizes first, then each. */
	readonly reconstruction: readonly SizeReport[];
	readonly prior: {
		readonly samples: number;
		readonly validity: number;
		readonly validityWithoutRepair: number;
		readonly uniqueness: number;
		/** Distinct valid samples that are not labelled training cells; null where those are not known. */
		readonly novelty: number | null;
	};
	/** By proxy on unseen labelled cells; null with fewer than three. */
	readonly predictor: {
		readonly cells: number;
		readonly proxies: readonly { readonly name: string; readonly r2: number; readonly spearman: number }[];
	} | null;
	/** How far the latents of unseen labelled cells follow their zero-cost vectors, as in Figure 2; null with fewer than three. */
	readonly latents: LatentMeasures | null;
}

export interface GvaeMeasurement {
	readonly model: GvaeModel;
	/** Cells to reconstruct. */
	readonly cells: readonly Cell[];
	/** Prior samples. */
	readonly samples: number;
	/** Hashes of the labelled cells that it was trained on, where they are known. */
	readonly known: ReadonlySet<string> | null;
	/** Labelled cells that it was not trained on. */
	readonly labelled: readonly LabelledCell[];
	/** Whose components are the cells' clusters. */
	readonly mixture: Mixture;
	/** Stream of the prior samples. */
	readonly random: Random;
	readonly signal: AbortSignal;
	/** Cells and samples done. */
	readonly onProgress: (done: number) => void;
}

const CELLS_AT_ONCE = 500;
/** Cells of which all pairs are measured: time and memory grow with the square of their number. */
const MOST_PAIRED = 2000;

/** Measures a G-VAE. */
export async function measureGvae(task: GvaeMeasurement): Promise<GvaeReport> {
	const { model, cells, samples, known, random, signal, onProgress } = task;
	const exact: boolean[] = [];
	for (let start = 0; start < cells.length; start += CELLS_AT_ONCE) {
		exact.push(...(await reconstructs(model, cells.slice(start, start + CELLS_AT_ONCE), signal)));
		onProgress(exact.length);
	}
	const prior = await priorMeasures(model, {
		samples,
		random,
		known: known ?? new Set(),
		signal,
		onProgress: (done) => onProgress(cells.length + done),
	});
	return {
		reconstruction: bySize(cells, exact),
		prior: { samples, ...prior, novelty: known === null ? null : prior.novelty },
		...(await onLabelledCells(task)),
	};
}

function bySize(cells: readonly Cell[], exact: readonly boolean[]): SizeReport[] {
	const sizes = [...new Set(cells.map(({ operations }) => operations.length))].sort((a, b) => a - b);
	return [null, ...sizes].map((operations) => {
		const rows = exact.filter((_, i) => operations === null || cells[i]!.operations.length === operations);
		return { operations, cells: rows.length, exact: rows.filter(Boolean).length / rows.length };
	});
}

async function onLabelledCells(task: GvaeMeasurement): Promise<Pick<GvaeReport, "predictor" | "latents">> {
	const { model, labelled, mixture, signal } = task;
	if (labelled.length < 3) return { predictor: null, latents: null };
	const { r2, spearman, latents } = await predictorMeasures(model, labelled, signal);
	const proxies = ZC_COLUMNS.map((name, i) => ({ name, r2: r2[i]!, spearman: spearman[i]! }));
	const cells = labelled.slice(0, MOST_PAIRED).map(({ zc }) => ({ zc, cluster: assign(mixture, zc) }));
	const distances = await latentDistances(
		latents.subarray(0, cells.length * model.latent),
		model.latent,
		signal,
	);
	const rows = cells.map((_, row) => row);
	return {
		predictor: { cells: labelled.length, proxies },
		latents: await measureLatents(distances, cells, rows, { signal }),
	};
}
