import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CellScores, decodeCell, splitScores } from "./decode-cell.js";
import { EDGE_PAIRS, EDGES, edgeIndex, FIRST_SLOT, GLOBAL_NODE, OUTPUT_NODE } from "./dimensions.js";

const scores = (probabilities: readonly [from: number, to: number, p: number][]): CellScores => {
	const edges = new Float32Array(EDGES);
	for (const [from, to, p] of probabilities) edges[edgeIndex(from, to)] = p;
	return { edges, types: new Float32Array(54), kernels: new Float32Array(18) };
};
const [A, B] = [FIRST_SLOT, FIRST_SLOT + 1];

describe("decodeCell", () => {
	it("returns a valid cell for any scores that use a slot, and the reason otherwise", () => {
		const probability = fc.float({ min: 0, max: 1, noNaN: true });
		fc.assert(
			fc.property(
				fc.array(probability, { minLength: EDGES, maxLength: EDGES }),
				fc.array(probability, { minLength: 72, maxLength: 72 }),
				(edges, features) => {
					const result = decodeCell({
						edges: Float32Array.from(edges),
						types: Float32Array.from(features.slice(0, 54)),
						kernels: Float32Array.from(features.slice(54)),
					});
					const slots = [2, 3, 4, 5, 6, 7].filter((node) => edges[edgeIndex(GLOBAL_NODE, node)]! > 0.5);
					// Every used node must survive normalisation: the repair leaves none without a path.
					if (slots.length > 0) expect(result.ok && result.cell.operations.length).toBe(slots.length);
					else expect(result).toMatchObject({ ok: false, reason: "NO_OPERATION" });
				},
			),
		);
	});

	it("gives a node without parent its likeliest one and joins a dead end to the output", () => {
		const result = decodeCell(
			scores([
				[GLOBAL_NODE, A, 0.9],
				[GLOBAL_NODE, B, 0.9],
				[1, A, 0.2],
				[1, B, 0.1],
				[A, B, 0.4],
				[A, OUTPUT_NODE, 0.3],
			]),
		);
		expect(result).toMatchObject({
			ok: true,
			repaired: true,
			cell: {
				edges: [
					[0, 1],
					[1, 2],
					[2, 3],
				],
			},
		});
	});

	it("ignores edges of slots that are not in use", () => {
		const result = decodeCell(
			scores([
				[GLOBAL_NODE, A, 0.9],
				[1, A, 0.9],
				[A, OUTPUT_NODE, 0.9],
				[1, B, 0.9],
				[B, OUTPUT_NODE, 0.9],
			]),
		);
		expect(result.ok && result.cell.operations.length).toBe(1);
		expect(result).toMatchObject({ ok: true, repaired: false });
	});

	it("names scores that are not finite", () => {
		expect(decodeCell(scores([[0, 1, Number.NaN]]))).toMatchObject({
			ok: false,
			reason: "NON_FINITE_SCORES",
		});
	});
});

it("numbers the edges as EDGE_PAIRS lists them", () => {
	EDGE_PAIRS.forEach(([from, to], index) => {
		expect(edgeIndex(from, to)).toBe(index);
	});
});

it("splits a batch of decoder outputs row by row", () => {
	const batch = {
		edges: Float32Array.from({ length: 2 * EDGES }, (_, i) => i),
		types: Float32Array.from({ length: 108 }, (_, i) => i),
		kernels: Float32Array.from({ length: 36 }, (_, i) => i),
	};
	const [, second] = splitScores(batch, 2);
	expect([second!.edges[0], second!.types[0], second!.kernels[0]]).toEqual([EDGES, 54, 18]);
});
