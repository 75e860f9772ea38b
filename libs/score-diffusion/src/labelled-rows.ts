import { createHash } from "node:crypto";
import { invalidArgument } from "@archgen/errors";
import { createRandom, shuffled } from "@archgen/random";
import { type ArchitectureSpace, architectureKey } from "@archgen/search-space";
import type { PredictorData } from "./predictor-data.js";
import type { PropertyTable } from "./property-table.js";
import { statesOf } from "./spaces/space-states.js";

/** Rows of a table that a predictor is trained on, and the others. */
export interface RowSplit {
	/** Places in the table, ascending. */
	readonly chosen: readonly number[];
	readonly others: readonly number[];
}

/**
 * Chooses rows at random.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `rows`) where the table has fewer
 */
export function splitRows(total: number, rows: number, seed: number): RowSplit {
	if (rows > total)
		throw invalidArgument(
			"rows",
			`the table has ${total} rows, not ${rows}; ask for fewer`,
			"TABLE_TOO_SMALL",
		);
	const places = shuffled(
		createRandom(seed).fork("rows"),
		Array.from({ length: total }, (_, i) => i),
	);
	const ascending = (part: readonly number[]) => [...part].sort((a, b) => a - b);
	return { chosen: ascending(places.slice(0, rows)), others: ascending(places.slice(rows)) };
}

/** Architectures and targets of some rows of a table. */
export function predictorData<A>(
	space: ArchitectureSpace<A>,
	{ architectures, columns }: PropertyTable<A>,
	target: string,
	rows: readonly number[],
): PredictorData {
	const chosen = rows.map((row) => architectures[row]!);
	return { states: statesOf(space, chosen), targets: rows.map((row) => columns[target]![row]!) };
}

/** Short name of an architecture, by which a predictor remembers the rows that it was trained on. */
export function architectureDigest<A>(space: ArchitectureSpace<A>, architecture: A): string {
	return createHash("sha256").update(architectureKey(space, architecture)).digest("hex").slice(0, 12);
}
