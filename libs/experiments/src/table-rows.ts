import type { PropertyTable } from "@archgen/score-diffusion";
import { type ArchitectureSpace, architectureKey } from "@archgen/search-space";

/** Finds the row of an architecture in a table; undefined for none and for one that the table lacks. */
export function rowFinder<A>(
	space: ArchitectureSpace<A>,
	{ architectures }: PropertyTable<A>,
): (architecture: A | undefined) => number | undefined {
	const rows = new Map(architectures.map((each, row) => [architectureKey(space, each), row]));
	return (architecture) =>
		architecture === undefined ? undefined : rows.get(architectureKey(space, architecture));
}

/** The row of the largest value; the first of equal ones, undefined without rows. */
export function bestRow(rows: readonly number[], values: readonly number[]): number | undefined {
	return rows.reduce<number | undefined>(
		(best, row) => (best === undefined || values[row]! > values[best]! ? row : best),
		undefined,
	);
}
