import { architectureDigest } from "@archgen/score-diffusion";
import type { ArchitectureSpace } from "@archgen/search-space";
import type { PropertyTableFile } from "./read-property-table.js";
import type { LabelledRows } from "./trained-origins.js";

/** The record of the rows that a network is trained on. @param seed by which they were chosen */
export function labelledRows<A>(
	space: ArchitectureSpace<A>,
	{ table, digest }: PropertyTableFile<A>,
	chosen: readonly number[],
	seed: number,
): LabelledRows {
	const digests = chosen.map((row) => architectureDigest(space, table.architectures[row]!));
	return { table: digest, rows: chosen.length, seed, digests };
}
