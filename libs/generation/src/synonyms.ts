import { zcDistance } from "@archgen/design";
import { createRandom, type Random } from "@archgen/random";
import type { Cell } from "@archgen/search-space";

/** A cell that does what another does, as far as zero-cost vectors tell. */
export interface Synonym {
	readonly cell: Cell;
	/** L1 distance of the predicted standardised zero-cost vectors of the cell and of its reference. */
	readonly distance: number;
}

/** Which synonyms are wanted. */
export interface SynonymRequest {
	readonly reference: Cell;
	/** Distinct cells wanted, the reference not among them. */
	readonly count: number;
	readonly seed: number;
}

/** What synonyms are drawn with. */
export interface SynonymSources {
	/** `count` draws around the reference; null for a draw that is no cell. */
	readonly draw: (count: number, random: Random) => Promise<readonly (Cell | null)[]>;
	/** Predicted standardised zero-cost vector of each cell. */
	readonly predict: (cells: readonly Cell[]) => Promise<readonly (readonly number[])[]>;
}

/** Scale of the flow's noise for synonyms of one cell. */
export const SYNONYM_TEMPERATURE = 0.2;

/** Cells drawn at once, beyond the number wanted: some are repeated or no cell. */
const BATCH = 64;
/** Rounds after which a generator that only repeats itself is given up. */
const ROUNDS = 20;

/** Distinct synonyms of a cell, nearest first; fewer than wanted where the generator only repeats itself. */
export async function drawDistinct(
	{ reference, count, seed }: SynonymRequest,
	{ draw, predict }: SynonymSources,
): Promise<readonly Synonym[]> {
	const random = createRandom(seed).fork("synonyms");
	const found = new Map<string, Cell>();
	for (let round = 0; round < ROUNDS && found.size < count; round++) {
		for (const cell of await draw(BATCH, random.fork(round))) {
			if (cell !== null && cell.hash !== reference.hash) found.set(cell.hash, cell);
		}
	}
	const cells = [...found.values()].slice(0, count);
	const [own, ...others] = await predict([reference, ...cells]);
	return cells
		.map((cell, i) => ({ cell, distance: zcDistance(own!, others[i]!) }))
		.sort((a, b) => a.distance - b.distance || (a.cell.hash < b.cell.hash ? -1 : 1));
}
