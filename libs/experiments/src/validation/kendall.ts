/**
 * Kendall's rank correlation τ_b: concordant minus discordant pairs, over the geometric mean of the pairs that are not
 * tied in the one and in the other. NaN when all values of one are equal.
 */
export function kendall(a: readonly number[], b: readonly number[]): number {
	let agreement = 0;
	let [untiedA, untiedB] = [0, 0];
	for (let i = 0; i < a.length; i++) {
		for (let j = 0; j < i; j++) {
			const signA = Math.sign(a[i]! - a[j]!);
			const signB = Math.sign(b[i]! - b[j]!);
			agreement += signA * signB;
			untiedA += Math.abs(signA);
			untiedB += Math.abs(signB);
		}
	}
	return agreement / Math.sqrt(untiedA * untiedB);
}
