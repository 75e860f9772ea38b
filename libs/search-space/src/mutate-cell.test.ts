import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cellDepth, createCell } from "./cell.js";
import { mutateCell } from "./mutate-cell.js";
import { MAX_OPERATIONS } from "./operation.js";
import { randomCell } from "./random-cell.js";

const cells = fc.nat().map((seed) => randomCell(createRandom(seed)));

test("a mutant is another cell of the space, and at most one operation larger or as many smaller as lose their way", () => {
	fc.assert(
		fc.property(cells, fc.nat(), (cell, seed) => {
			const mutant = mutateCell(cell, createRandom(seed));
			expect(mutant).toEqual(createCell(mutant.operations, mutant.edges));
			expect(mutant.hash).not.toBe(cell.hash);
			expect(cellDepth(mutant)).toBeGreaterThanOrEqual(3);
			expect(mutant.operations.length).toBeLessThanOrEqual(
				Math.min(MAX_OPERATIONS, cell.operations.length + 1),
			);
			expect(mutateCell(cell, createRandom(seed))).toEqual(mutant);
		}),
	);
});

test("every kind of edit happens", () => {
	const cell = createCell(
		[
			{ type: "conv", kernel: 3 },
			{ type: "sep_conv", kernel: 5 },
			{ type: "avg_pool", kernel: 3 },
		],
		[
			[0, 1],
			[1, 2],
			[2, 3],
			[3, 4],
		],
	);
	const kinds = new Set<string>();
	for (let seed = 0; seed < 200; seed++) {
		const { operations, edges } = mutateCell(cell, createRandom(seed));
		const difference = operations.length - cell.operations.length;
		if (difference !== 0) kinds.add(difference > 0 ? "operation added" : "operation removed");
		else if (edges.length !== cell.edges.length) kinds.add("edge");
		else {
			const types = (of: typeof operations) => of.map(({ type }) => type).sort();
			kinds.add(
				JSON.stringify(types(operations)) === JSON.stringify(types(cell.operations)) ? "kernel" : "type",
			);
		}
	}
	expect([...kinds].sort()).toEqual(["edge", "kernel", "operation added", "operation removed", "type"]);
});
