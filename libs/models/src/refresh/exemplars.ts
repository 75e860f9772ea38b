import type { EvolutionRecord } from "@archgen/evolution";
import { type GvaeModel, predictedVectors } from "@archgen/gvae";
import { assign, type Mixture, nearest, prototypes } from "@archgen/mixture";
import type { Random } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import type { Exemplar } from "@archgen/seqgen";

/** A cell with the standardised zero-cost vector that the predictor gives it. */
export interface DescribedCell {
	readonly cell: Cell;
	readonly vector: readonly number[];
}

/** The distinct cells of designs, in order of appearance, with their predicted vectors. */
export async function describedCells(
	designs: readonly Pick<EvolutionRecord, "design">[],
	gvae: GvaeModel,
	signal?: AbortSignal,
): Promise<DescribedCell[]> {
	const all = designs.flatMap(({ design }) => design.stages.map(({ cell }) => cell));
	const cells = [...new Map(all.map((cell) => [cell.hash, cell])).values()];
	const vectors = await predictedVectors(gvae, cells, signal);
	return cells.map((cell, i) => ({ cell, vector: vectors[i]! }));
}

/**
 * Exemplars of cells: of k clusters of their vectors, the cell nearest to each centre.
 *
 * @param count how many at most
 * @param mixture says which cluster an exemplar belongs to
 */
export async function chooseExemplars(
	cells: readonly DescribedCell[],
	count: number,
	mixture: Mixture,
	options: { readonly random: Random; readonly signal?: AbortSignal | undefined },
): Promise<Exemplar[]> {
	const vectors = cells.map(({ vector }) => vector);
	const chosen = await prototypes(vectors, count, options);
	return chosen.map((index) => ({ cell: cells[index]!.cell, cluster: assign(mixture, vectors[index]!) }));
}

/** For the hash of every cell, the index of the exemplar whose vector is nearest to its own. */
export async function nearestExemplars(
	cells: readonly DescribedCell[],
	exemplars: readonly Exemplar[],
	gvae: GvaeModel,
	signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
	const own = exemplars.map(({ cell }) => cell);
	const centres = await predictedVectors(gvae, own, signal);
	return new Map(cells.map(({ cell, vector }) => [cell.hash, nearest(centres, vector)]));
}
