import { createRandom, shuffled } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodedOrInvalid } from "../tensors.js";
import { NASBENCH101_OPERATIONS, nasBench101Cell, nasBench101Space as space } from "./nasbench101-space.js";

/** Hashes of all cells with exactly so many vertices. */
function cellsOf(vertices: number): Set<string> {
	const pairs = Array.from({ length: vertices }, (_, from) =>
		Array.from({ length: vertices - 1 - from }, (_, i) => [from, from + 1 + i] as const),
	).flat();
	const hashes = new Set<string>();
	for (let code = 0; code < 3 ** (vertices - 2); code++) {
		const operations = Array.from(
			{ length: vertices - 2 },
			(_, i) => NASBENCH101_OPERATIONS[Math.floor(code / 3 ** i) % 3]!,
		);
		for (let mask = 0; mask < 2 ** pairs.length; mask++) {
			const edges = pairs.filter((_, i) => (mask >> i) & 1);
			const cell = decodedOrInvalid(() => nasBench101Cell(operations, edges));
			if (cell.valid && cell.architecture.operations.length === vertices - 2)
				hashes.add(space.hash(cell.architecture));
		}
	}
	return hashes;
}

describe("NAS-Bench-101", () => {
	// 1 + 6 + 84 + 2,441 + 62,010 + 359,082 = 423,624, the published number of distinct cells.
	it.each([
		[2, 1],
		[3, 6],
		[4, 84],
		[5, 2441],
	])("has as many cells of %d vertices as published, %d", (vertices, count) => {
		expect(cellsOf(vertices).size).toBe(count);
	});

	it("has one form for all orders of the vertices", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const random = createRandom(seed);
				const { operations, edges } = space.random(random);
				const order = shuffled(
					random,
					operations.map((_, i) => i + 1),
				);
				const place = (node: number) =>
					node === 0 || node > operations.length ? node : 1 + order.indexOf(node);
				const relabelled = nasBench101Cell(
					order.map((node) => operations[node - 1]!),
					edges.map(([from, to]) => [place(from), place(to)] as const),
				);
				expect(relabelled).toEqual({ operations, edges });
			}),
		);
	});

	it("counts edges after dropping what lies on no path", () => {
		const operations = Array.from({ length: 5 }, () => "maxpool3x3");
		const chain = [0, 1, 2, 3, 4, 5].map((node) => [node, node + 1] as const);
		const more = [
			[0, 2],
			[0, 3],
			[0, 4],
		] as const;
		expect(nasBench101Cell(operations, [...chain, ...more]).edges).toHaveLength(9);
		expect(() => nasBench101Cell(operations, [...chain, ...more, [0, 5]])).toThrow(
			expect.objectContaining({ reason: "TOO_MANY_EDGES" }),
		);
		// the last operation leads nowhere, and its edge from the input does not count
		expect(
			nasBench101Cell(operations.slice(0, 2), [
				[0, 1],
				[1, 3],
				[0, 2],
			]).operations,
		).toHaveLength(1);
	});
});
