import { readFile } from "node:fs/promises";
import { type PropertyTable, parsePropertyTable } from "@archgen/score-diffusion";
import type { ArchitectureSpace } from "@archgen/search-space";
import { fingerprint } from "../training/workspace.js";

/** A table of the user with the SHA-256 of its file. */
export interface PropertyTableFile<A> {
	readonly table: PropertyTable<A>;
	readonly digest: string;
}

/** Reads a file of the user; see `parsePropertyTable` for what is refused. */
export async function readPropertyTable<A>(
	path: string,
	space: ArchitectureSpace<A>,
	columns: readonly string[],
): Promise<PropertyTableFile<A>> {
	const bytes = await readFile(path);
	const table = parsePropertyTable(new TextDecoder().decode(bytes), space, columns);
	return { table, digest: fingerprint(bytes) };
}
