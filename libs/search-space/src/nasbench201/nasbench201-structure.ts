import { NASBENCH201_EDGES, type NasBench201Operation } from "./nasbench201.js";

const INPUT = "0";
const ZERO = "#";

/**
 * The cell's output as an expression of its input, in the benchmark's own form: a skip is the value that it starts from, `none` and operations on a
 * zero are zeros, the terms of a sum are sorted, unread nodes do not occur. The 15,625 architectures have 6,466 such expressions, the published number.
 *
 * The form neither drops zeros from sums nor merges a sum into the one that a skip adds it to. Doing both would leave 4,930 functions.
 */
export function nasBench201Structure(operations: readonly NasBench201Operation[]): string {
	const values = [INPUT];
	for (const node of [1, 2, 3]) {
		const terms = NASBENCH201_EDGES.flatMap(([from, to], e) =>
			to === node ? [termOf(operations[e]!, values[from]!)] : [],
		);
		values.push(terms.sort().join("+"));
	}
	return values[3]!;
}

function termOf(operation: NasBench201Operation, value: string): string {
	if (operation === "none" || value === ZERO) return ZERO;
	return operation === "skip_connect" ? value : `(${value})@${operation}`;
}
