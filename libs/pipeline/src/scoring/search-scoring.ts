import type { Target } from "@archgen/search-space";

/** How networks of a search are scored. Budgets always hold at the target's own size. */
export interface SearchScoring {
	/** Side of the images that networks are scored at. */
	readonly size: number;
	/** Images in the minibatch. */
	readonly batch: number;
}

/**
 * A cheap setting that orders networks as the full one does, 64 images of the target's own size: half the side, 16 to 64 pixels, and
 * 16 images. Spearman of T-CET 0.99 at 32 pixels (24 networks below 1 M parameters) and 0.98 at 224 (24 below 450 M flopCount); see docs/measurements.md.
 */
export function searchScoring({ size }: Pick<Target, "size">): SearchScoring {
	return { size: Math.max(16, Math.min(64, Math.floor(size / 2))), batch: 16 };
}

/** The setting of published scores. */
export function fullScoring({ size }: Pick<Target, "size">): SearchScoring {
	return { size, batch: 64 };
}
