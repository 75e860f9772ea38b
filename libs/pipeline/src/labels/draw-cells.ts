import type { Random } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";

/** A distinct random cell and the number of the draw that gave it. */
export interface DrawnCell {
	readonly index: number;
	readonly cell: Cell;
}

/**
 * The first `count` distinct cells of a stream, each under the number of its draw. The list depends on the stream alone
 * and a longer one begins with a shorter one, so work on it can stop and go on anywhere.
 */
export function* drawCells(random: Random, count: number): Generator<DrawnCell> {
	const seen = new Set<string>();
	for (let index = 0; seen.size < count; index++) {
		const cell = randomCell(random.fork(index));
		if (seen.has(cell.hash)) continue;
		seen.add(cell.hash);
		yield { index, cell };
	}
}
