import { createRandom } from "@archgen/random";
import { cellsSpace, randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { repairCell } from "./repair-cell.js";

const { nodes, classes } = cellsSpace.tensorShape;

describe("repairCell", () => {
	it("leaves cells as they are", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const cell = randomCell(createRandom(seed));
				expect(repairCell(cellsSpace.encode(cell))).toEqual({ ok: true, cell, repaired: false });
			}),
		);
	});

	it("makes a valid cell with all used nodes of any weights, and names the reason where no node is used", () => {
		const weights = (length: number) =>
			fc
				.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: length, maxLength: length })
				.map((values) => Float32Array.from(values));
		fc.assert(
			fc.property(weights(nodes * classes.length), weights(nodes ** 2), (drawn, adjacency) => {
				const result = repairCell({ nodes: drawn, adjacency });
				const used = [1, 2, 3, 4, 5, 6].filter((node) =>
					drawn
						.subarray(node * classes.length + 2, node * classes.length + 29)
						.some((weight) => weight > 0.5),
				);
				if (used.length === 0) return expect(result).toMatchObject({ ok: false, reason: "NO_OPERATION" });
				expect(result.ok && cellsSpace.problem(result.cell)).toBeUndefined();
				expect(result.ok && result.cell.operations.length).toBe(used.length);
			}),
		);
	});

	it("names weights that are not finite", () => {
		const tensors = cellsSpace.encode(randomCell(createRandom(0)));
		tensors.adjacency[1] = Number.NaN;
		expect(repairCell(tensors)).toMatchObject({ ok: false, reason: "NON_FINITE_SCORES" });
	});
});
