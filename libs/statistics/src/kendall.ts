/**
 * Kendall's rank correlation τ_b: concordant minus discordant pairs, over the geometric mean of the pairs that are not
 * tied in the one and in the other. NaN when all values of one are equal.
 */
export function kendall(a: readonly number[], b: readonly number[]): number {
	const tally = new Tally(a, b);
	for (let i = 0; i < a.length; i++) for (let j = 0; j < i; j++) tally.add(i, j, 1);
	return tally.correlation;
}

/** Pairs of items: the items 2k and 2k + 1 of the array are the k-th pair. */
export type Pairs = Int32Array;

/**
 * τ_b over some pairs only.
 *
 * @param multiplicities how often each item counts, as in a bootstrap sample; a pair counts the product. Once unless given
 * @returns NaN when no pair is untied in both
 */
export function pairedKendall(
	a: readonly number[],
	b: readonly number[],
	pairs: Pairs,
	multiplicities?: ArrayLike<number>,
): number {
	const tally = new Tally(a, b);
	for (let k = 0; k < pairs.length; k += 2) {
		const [i, j] = [pairs[k]!, pairs[k + 1]!];
		tally.add(i, j, multiplicities ? multiplicities[i]! * multiplicities[j]! : 1);
	}
	return tally.correlation;
}

/**
 * The pairs of items that are alike in every cost: no further apart than a factor of 1 + tolerance.
 *
 * @param costs positive numbers, by cost and then by item
 */
export function similarPairs(costs: readonly (readonly number[])[], tolerance: number): Pairs {
	const logs = costs.map((values) => Float64Array.from(values, Math.log));
	const limit = Math.log1p(tolerance) * (1 + Number.EPSILON) + Number.EPSILON;
	const found: number[] = [];
	for (let i = 0; i < (costs[0]?.length ?? 0); i++)
		for (let j = 0; j < i; j++)
			if (logs.every((values) => Math.abs(values[i]! - values[j]!) <= limit)) found.push(i, j);
	return Int32Array.from(found);
}

class Tally {
	#agreement = 0;
	#untiedA = 0;
	#untiedB = 0;

	constructor(
		private readonly a: readonly number[],
		private readonly b: readonly number[],
	) {}

	add(i: number, j: number, weight: number): void {
		const signA = order(this.a[i]!, this.a[j]!);
		const signB = order(this.b[i]!, this.b[j]!);
		this.#agreement += weight * signA * signB;
		this.#untiedA += weight * signA * signA;
		this.#untiedB += weight * signB * signB;
	}

	get correlation(): number {
		return this.#agreement / Math.sqrt(this.#untiedA * this.#untiedB);
	}
}

/** Sign of x − y, which is 0 for equal infinities, too. */
const order = (x: number, y: number) => (x > y ? 1 : x < y ? -1 : 0);
