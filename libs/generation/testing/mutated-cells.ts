import type { CellGenerator } from "@archgen/design";
import { mutateCell, randomCell } from "@archgen/search-space";

/** A generator without a model: a random cell for a cluster, one mutation of the cell that synonyms are asked for. */
export const MUTATED_CELLS: CellGenerator = {
	version: "mutated-1",
	sample: async (requests, random) =>
		requests.map(({ reference }) => (reference ? mutateCell(reference, random) : randomCell(random))),
};
