import type { EvolutionRecord } from "@archgen/evolution";
import { type GvaeModel, predictedVectors } from "@archgen/gvae";
import { assign, type Mixture, nearest, prototypes } from "@archgen/mixture";
import type { Random } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import type { Exemplar } from "@archgen/seqgen";

type Designs = readonly Pick<EvolutionRecord, "design">[];

/**
 * Exemplars of the cells of designs: of k clusters of their predicted zero-cost vectors, the cell nearest to each centre.
 *
 * @param count how many at most
 * @param mixture says which cluster an exemplar belongs to
 */
export async function chooseExemplars(
	designs: Designs,
	count: number,
	{ gvae, mixture }: { readonly gvae: GvaeModel; readonly mixture: Mixture },
	options: { readonly random: Random; readonly signal?: AbortSignal | undefined },
): Promise<Exemplar[]> {
	const cells = cellsOf(designs);
	const vectors = await predictedVectors(gvae, cells, options.signal);
	const chosen = await prototypes(vectors, count, options);
	return chosen.map((index) => ({ cell: cells[index]!, cluster: assign(mixture, vectors[index]!) }));
}

/** For the hash of every cell of the designs, the index of the exemplar nearest to it in predicted zero-cost vectors. */
export async function nearestExemplars(
	designs: Designs,
	exemplars: readonly Exemplar[],
	gvae: GvaeModel,
	signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
	const centres = await predictedVectors(
		gvae,
		exemplars.map(({ cell }) => cell),
		signal,
	);
	const cells = cellsOf(designs);
	const vectors = await predictedVectors(gvae, cells, signal);
	return new Map(cells.map(({ hash }, i) => [hash, nearest(centres, vectors[i]!)]));
}

/** The distinct cells of designs, in order of appearance. */
function cellsOf(designs: Designs): Cell[] {
	const cells = designs.flatMap(({ design }) => design.stages.map(({ cell }) => cell));
	return [...new Map(cells.map((cell) => [cell.hash, cell])).values()];
}
