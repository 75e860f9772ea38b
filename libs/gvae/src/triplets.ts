import { zcDistance } from "@archgen/design";
import type { Random } from "@archgen/random";

/** Row numbers into one labelled batch: ‖f(i) − f(positive_i)‖ should be below ‖f(i) − f(negative_i)‖. */
export interface Triplets {
	readonly positive: BigInt64Array;
	readonly negative: BigInt64Array;
}

/** How many other cells of the batch compete to be an anchor's positive and negative. */
const TRIPLET_CANDIDATES = 4;

/**
 * Chooses a triplet for each row of a labelled batch: of a few random other rows the nearest in ZC distance is the
 * positive, the farthest the negative.
 *
 * Few candidates instead of the whole batch, because nearest-of-all against farthest-of-all is satisfied early and
 * then teaches nothing about the order of distances in between.
 *
 * @param zc standardised zero-cost vectors, at least three rows
 */
export function chooseTriplets(
	zc: readonly (readonly number[])[],
	random: Random,
	candidates = TRIPLET_CANDIDATES,
): Triplets {
	const positive = new BigInt64Array(zc.length);
	const negative = new BigInt64Array(zc.length);
	zc.forEach((anchor, row) => {
		const others = distinctOthers(row, zc.length, candidates, random);
		const sorted = others
			.map((other) => ({ other, distance: zcDistance(anchor, zc[other]!) }))
			.sort((a, b) => a.distance - b.distance);
		positive[row] = BigInt(sorted[0]!.other);
		negative[row] = BigInt(sorted[sorted.length - 1]!.other);
	});
	return { positive, negative };
}

function distinctOthers(row: number, rows: number, wanted: number, random: Random): number[] {
	const chosen = new Set<number>();
	while (chosen.size < Math.min(wanted, rows - 1)) {
		const other = random.integer(rows);
		if (other !== row) chosen.add(other);
	}
	return [...chosen];
}
