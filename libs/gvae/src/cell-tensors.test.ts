import { createRandom } from "@archgen/random";
import { cellFromGraphNet, createCell, randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCells, encodeCellTensors } from "./cell-tensors.js";
import { type CellScores, decodeCell } from "./decode-cell.js";
import {
	EDGE_PAIRS,
	FEATURES,
	FIRST_KERNEL_FEATURE,
	FIRST_SLOT,
	NODES,
	OUTPUT_NODE,
	SLOTS,
	TYPES,
} from "./dimensions.js";

/** The scores a perfect decoder would give for encoded cells. */
function perfectScores({ adjacency, features }: ReturnType<typeof encodeCellTensors>): CellScores {
	const slots = Array.from({ length: SLOTS }, (_, slot) => (FIRST_SLOT + slot) * FEATURES);
	const part = (start: number, end: number) =>
		Float32Array.from(slots.flatMap((row) => [...features.slice(row + start, row + end)]));
	return {
		edges: Float32Array.from(EDGE_PAIRS, ([from, to]) => adjacency[from * NODES + to]!),
		types: part(0, TYPES),
		kernels: part(FIRST_KERNEL_FEATURE, FEATURES),
	};
}

function rows(values: Float32Array, width: number): number[][] {
	return Array.from({ length: values.length / width }, (_, i) => [
		...values.subarray(i * width, (i + 1) * width),
	]);
}

describe("encodeCells", () => {
	it("is inverted exactly by the decoder for any cell", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const cell = randomCell(createRandom(seed));
				const decoded = decodeCell(perfectScores(encodeCellTensors(cell)));
				expect(decoded).toEqual({ ok: true, cell, repaired: false });
			}),
			{ numRuns: 300 },
		);
	});

	it("is the published form where all six operations are used", () => {
		const random = createRandom(1);
		for (let found = 0; found < 10; ) {
			const cell = randomCell(random);
			if (cell.operations.length < SLOTS) continue;
			found++;
			const { adjacency, features } = encodeCellTensors(cell);
			expect(cellFromGraphNet(rows(adjacency, NODES), rows(features, FEATURES)).hash).toBe(cell.hash);
		}
	});

	it("leaves unused slots empty and keeps the output in the last place", () => {
		const cell = createCell(
			[{ type: "conv", kernel: 3 }],
			[
				[0, 1],
				[1, 2],
			],
		);
		const { adjacency, features } = encodeCellTensors(cell);
		const edges = EDGE_PAIRS.filter(([from, to]) => adjacency[from * NODES + to] === 1);
		expect(edges).toEqual([
			[0, 1],
			[0, FIRST_SLOT],
			[0, OUTPUT_NODE],
			[1, FIRST_SLOT],
			[FIRST_SLOT, OUTPUT_NODE],
		]);
		const used = rows(features, FEATURES).map((row) => row.some((value) => value !== 0));
		expect(used).toEqual([true, true, true, false, false, false, false, false, true]);
	});

	it("lays a batch out cell by cell", () => {
		const cells = [randomCell(createRandom(1)), randomCell(createRandom(2))];
		const batch = encodeCells(cells);
		const second = encodeCellTensors(cells[1]!);
		expect(batch.adjacency.slice(NODES * NODES)).toEqual(second.adjacency);
		expect(batch.features.slice(NODES * FEATURES)).toEqual(second.features);
	});
});
