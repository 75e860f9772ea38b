import type { MacroSequence } from "@archgen/design";
import type { Cell } from "@archgen/search-space";

/** A cell that stages name instead of a cluster. */
export interface Exemplar {
	readonly cell: Cell;
	/** Cluster of the mixture that it belongs to. */
	readonly cluster: number;
}

/**
 * What the cell tokens of a sequence generator mean: the exemplar of that index, or the cluster of that index with the cheapest cell known
 * of it, null where none is known.
 */
export type StageCells =
	| { readonly exemplars: readonly Exemplar[] }
	| { readonly clusters: readonly (Cell | null)[] };

/** The cell that each token is counted with under constraints. */
export function countedCells(cells: StageCells): readonly (Cell | null)[] {
	return "exemplars" in cells ? cells.exemplars.map(({ cell }) => cell) : cells.clusters;
}

/** The sequence with its cells in the place of tokens. @param bounded whether it was kept inside constraints with these cells */
export function withStageCells(sequence: MacroSequence, cells: StageCells, bounded: boolean): MacroSequence {
	const stages = sequence.stages.map((stage) => {
		if ("exemplars" in cells) {
			const { cell, cluster } = cells.exemplars[stage.cluster]!;
			return { ...stage, cluster, exemplar: cell };
		}
		return bounded ? { ...stage, budgetCell: cells.clusters[stage.cluster]! } : stage;
	});
	return { ...sequence, stages };
}
