import type { BoundedCount } from "@archgen/design";
import type { Counts } from "@archgen/search-space";

export type CountName = BoundedCount;

/** The counts that constraints speak about. */
export type CountVector = Pick<Counts, CountName>;

export const COUNT_NAMES: readonly CountName[] = ["parameterCount", "macCount", "flopCount"];

export const ZERO_COUNTS: CountVector = { parameterCount: 0, macCount: 0, flopCount: 0 };

/** Drops what budgets do not speak about. */
export function toCountVector({ parameterCount, macCount, flopCount }: Counts): CountVector {
	return { parameterCount, macCount, flopCount };
}

/** a + scale · b */
export function addCounts(a: CountVector, b: CountVector, scale = 1): CountVector {
	return {
		parameterCount: a.parameterCount + scale * b.parameterCount,
		macCount: a.macCount + scale * b.macCount,
		flopCount: a.flopCount + scale * b.flopCount,
	};
}

/** The larger one of each count. */
export function maxCounts(a: CountVector, b: CountVector): CountVector {
	return {
		parameterCount: Math.max(a.parameterCount, b.parameterCount),
		macCount: Math.max(a.macCount, b.macCount),
		flopCount: Math.max(a.flopCount, b.flopCount),
	};
}

/** Whether no count of a is larger than that of b. */
export function isWithin(a: CountVector, b: CountVector): boolean {
	return a.parameterCount <= b.parameterCount && a.macCount <= b.macCount && a.flopCount <= b.flopCount;
}

/** The vectors that no other one is below or equal to in all three counts (one of each group of equals). */
export function paretoSmallest(vectors: readonly CountVector[]): CountVector[] {
	const front: CountVector[] = [];
	for (const vector of vectors) {
		if (front.some((kept) => isWithin(kept, vector))) continue;
		for (let i = front.length - 1; i >= 0; i--) if (isWithin(vector, front[i]!)) front.splice(i, 1);
		front.push(vector);
	}
	return front;
}
