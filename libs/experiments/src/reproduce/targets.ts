import { ZC_COLUMNS, type ZcVector, zcDistance } from "@archgen/design";
import { destandardize } from "@archgen/mixture";
import { type CellModels, drawCells } from "@archgen/pipeline";
import type { Random } from "@archgen/random";
import { type Cell, cellFromNasBench201 } from "@archgen/search-space";
import type { ScoredCells } from "./scored-cells.js";

/** The best cell of NATS-Bench, the reference of Table 1. */
export const BEST_NATS_CELL =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

/** What cells are wanted near to. */
export interface Table1Target {
	readonly name: string;
	/** A reference is a cell; a cluster mean is a zero-cost vector that belongs to no cell. */
	readonly kind: "reference" | "cluster mean";
	readonly vector: ZcVector;
	/** The vector, standardised: distances are to this. */
	readonly z: readonly number[];
	/** What the flow is asked for, standardised. */
	readonly condition: readonly number[];
	/** Latent that the neighbourhood surrounds. */
	readonly centre: Float32Array;
}

/** What targets are made of. */
export interface TargetSource {
	readonly models: CellModels;
	readonly scored: ScoredCells;
	readonly signal: AbortSignal;
}

/** The best NATS-Bench cell and `more` random cells. A random cell without zero-cost vector is replaced by the next of the stream. */
export async function referenceTargets(
	source: TargetSource,
	more: number,
	random: Random,
): Promise<readonly Table1Target[]> {
	const best = cellFromNasBench201(BEST_NATS_CELL);
	await source.scored.measure("best NATS-Bench cell", [best]);
	const targets = [await referenceTarget(source, "best NATS-Bench cell", best)];
	for (let drawn = more; targets.length <= more; drawn++) {
		const cells = [...drawCells(random, drawn)].map(({ cell }) => cell);
		await source.scored.measure("references", cells);
		const usable = cells.filter((cell) => source.scored.find(cell) !== undefined);
		if (usable.length < more) continue;
		for (const [i, cell] of usable.entries())
			targets.push(await referenceTarget(source, `random cell ${i + 1}`, cell));
	}
	return targets;
}

/** The flow is asked for the reference's own vector, the neighbourhood surrounds its latent. */
async function referenceTarget(
	{ models, scored, signal }: TargetSource,
	name: string,
	cell: Cell,
): Promise<Table1Target> {
	const { vector, z } = scored.find(cell)!;
	return {
		name,
		kind: "reference",
		vector,
		z,
		condition: z,
		centre: await models.gvae.encode([cell], signal),
	};
}

/**
 * The means of all clusters. No cell stands there: the flow is asked for the mean itself, as in answering a request, and
 * the neighbourhood surrounds the nearest of some cells whose vectors are known.
 */
export async function clusterTargets(
	{ models, scored, signal }: TargetSource,
	cells: readonly Cell[],
): Promise<readonly Table1Target[]> {
	const known = cells.flatMap((cell) => {
		const found = scored.find(cell);
		return found ? [{ cell, z: found.z }] : [];
	});
	const targets: Table1Target[] = [];
	for (const [k, mean] of models.mixture.means.entries()) {
		const nearest = known.reduce((a, b) => (zcDistance(b.z, mean) < zcDistance(a.z, mean) ? b : a));
		const values = destandardize(models.standardizer, mean);
		targets.push({
			name: `mean of cluster ${k}`,
			kind: "cluster mean",
			vector: Object.fromEntries(ZC_COLUMNS.map((column, i) => [column, values[i]])) as unknown as ZcVector,
			z: mean,
			condition: mean,
			centre: await models.gvae.encode([nearest.cell], signal),
		});
	}
	return targets;
}
