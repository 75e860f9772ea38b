import { pearson, ranks } from "./correlation.js";
import { mean } from "./moments.js";

/** Share of the variance of ranks below which nothing is left to correlate. */
const NOTHING = 1e-9;

/**
 * Spearman's correlation with other quantities held fixed: Pearson's of the parts of both ranks that are not linear in the ranks of
 * the controls.
 *
 * @returns null where the controls explain all of either
 */
export function partialSpearman(
	a: readonly number[],
	b: readonly number[],
	controls: readonly (readonly number[])[],
): number | null {
	const basis = orthogonal(controls.map((values) => centred(ranks(values))));
	const [restOfA, restOfB] = [a, b].map((values) => remainder(centred(ranks(values)), basis));
	return restOfA && restOfB ? pearson(restOfA, restOfB) : null;
}

/** An orthogonal basis of what the vectors span (Gram–Schmidt). */
function orthogonal(vectors: readonly number[][]): number[][] {
	const basis: number[][] = [];
	for (const vector of vectors) {
		const rest = remainder(vector, basis);
		if (rest) basis.push(rest);
	}
	return basis;
}

/** The part of a vector that is orthogonal to a basis; null when there is none but for rounding. */
function remainder(vector: readonly number[], basis: readonly number[][]): number[] | null {
	let rest = [...vector];
	// a second time for what rounding has left
	for (const direction of [...basis, ...basis]) {
		const share = dot(rest, direction) / dot(direction, direction);
		rest = rest.map((x, i) => x - share * direction[i]!);
	}
	return dot(rest, rest) > NOTHING * dot(vector, vector) ? rest : null;
}

function centred(values: readonly number[]): number[] {
	const centre = mean(values);
	return values.map((x) => x - centre);
}

function dot(a: readonly number[], b: readonly number[]): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
	return sum;
}
