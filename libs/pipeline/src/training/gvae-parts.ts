import type { LabelledCell } from "@archgen/gvae";
import { createRandom, shuffled } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import { drawCells } from "../labels/draw-cells.js";

/** What the G-VAE learns from and what is kept back. */
export interface GvaeParts {
	readonly training: readonly LabelledCell[];
	readonly heldOutLabels: readonly LabelledCell[];
	/** Cells that training never sees, labelled or not. */
	readonly heldOutCells: readonly Cell[];
}

/**
 * Splits labelled cells and draws held-out ones. The split depends on the cells and the seed alone; more held-out cells begin with the
 * same ones.
 */
export function splitCells(
	cells: readonly LabelledCell[],
	sizes: { readonly heldOutLabels: number; readonly heldOutCells: number },
	seed: number,
): GvaeParts {
	const random = createRandom(seed);
	const order = shuffled(random.fork("split"), cells);
	const labelled = new Set(cells.map(({ cell }) => cell.hash));
	const drawn = [...drawCells(random.fork("held-out"), sizes.heldOutCells)].map(({ cell }) => cell);
	return {
		training: order.slice(sizes.heldOutLabels),
		heldOutLabels: order.slice(0, sizes.heldOutLabels),
		heldOutCells: drawn.filter(({ hash }) => !labelled.has(hash)),
	};
}
