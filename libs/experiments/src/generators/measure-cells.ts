import { type CellFailure, isCellFailure, ZC_COLUMNS, zcDistance, zcRow } from "@archgen/design";
import { predictedVectors } from "@archgen/gvae";
import { standardize } from "@archgen/mixture";
import type { VectorModels } from "@archgen/pipeline";
import { alphaNetwork, type Cell, countNetwork } from "@archgen/search-space";
import { mean } from "@archgen/statistics";

/** Cells that were drawn under one vector. */
export interface DrawnCells {
	/** Standardised zero-cost vector that was asked for. */
	readonly asked: readonly number[];
	readonly cells: readonly { readonly cell: Cell | CellFailure; readonly valid: boolean }[];
}

/** Quality of cells, means over targets. */
export interface CellMeasures {
	/** Mean L1 distance to the asked vector in standardised scale. */
	readonly distance: number;
	/** The same of the nearest quarter of the distinct cells of a target. */
	readonly nearest: number;
	/** Share that were cells before they were repaired. */
	readonly validity: number;
	/** Share that are cells afterwards. */
	readonly success: number;
	/** Distinct cells over samples. */
	readonly uniqueness: number;
	/** Share of the distinct cells that are not among the known ones. */
	readonly novelty: number;
}

/**
 * Measures of drawn cells. Of a cell's vector, parameters and flopCount are exact; NASWOT and SNIP-SSNR are the predictor's.
 *
 * @param known hashes of cells that generators were trained on
 */
export async function measureCells(
	models: VectorModels,
	targets: readonly DrawnCells[],
	known: ReadonlySet<string>,
	signal?: AbortSignal,
): Promise<CellMeasures> {
	const each: CellMeasures[] = [];
	for (const target of targets) each.push(await measureTarget(models, target, known, signal));
	const names = Object.keys(each[0]!) as (keyof CellMeasures)[];
	return Object.fromEntries(
		// A target without a single cell has no distances.
		names.map((name) => [name, mean(each.map((measures) => measures[name]).filter(Number.isFinite))]),
	) as unknown as CellMeasures;
}

async function measureTarget(
	models: VectorModels,
	{ asked, cells }: DrawnCells,
	known: ReadonlySet<string>,
	signal?: AbortSignal,
): Promise<CellMeasures> {
	const found = cells.map(({ cell }) => cell).filter((cell): cell is Cell => !isCellFailure(cell));
	const vectors = await cellVectors(models, found, signal);
	const distances = vectors.map((vector) => zcDistance(vector, asked));
	const distinct = new Map(found.map(({ hash }, i) => [hash, distances[i]!]));
	const ascending = [...distinct.values()].sort((a, b) => a - b);
	return {
		distance: mean(distances),
		nearest: mean(ascending.slice(0, Math.ceil(ascending.length / 4))),
		validity: cells.filter(({ valid }) => valid).length / cells.length,
		success: found.length / cells.length,
		uniqueness: distinct.size / cells.length,
		novelty: [...distinct.keys()].filter((hash) => !known.has(hash)).length / Math.max(1, distinct.size),
	};
}

/** Standardised vectors of cells: exact counts, and what the predictor says of the rest. */
async function cellVectors(
	{ gvae, standardizer }: VectorModels,
	cells: readonly Cell[],
	signal?: AbortSignal,
): Promise<number[][]> {
	const predicted = await predictedVectors(gvae, cells, signal);
	return cells.map((cell, i) => {
		const { parameterCount, flopCount } = countNetwork(alphaNetwork(cell));
		const exact = standardize(standardizer, zcRow({ naswot: 1, snipSsnr: 1, parameterCount, flopCount }));
		return ZC_COLUMNS.map((column, k) => (column.endsWith("Count") ? exact[k]! : predicted[i]![k]!));
	});
}
