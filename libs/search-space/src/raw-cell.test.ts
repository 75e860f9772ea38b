import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellDepth, createCell } from "./cell.js";
import { OPERATION_TYPES } from "./operation.js";
import { randomCell, randomRawCell } from "./random-cell.js";
import { normalizeCell, type RawCell, type RawOperation } from "./raw-cell.js";

const skip: RawOperation = { type: "skip", kernel: 1 };
const conv = { type: "conv", kernel: 3 } as const;

function rawCell(edges: readonly [number, number][], operations: readonly RawOperation[]): RawCell {
	const adjacency = Array.from({ length: 8 }, () => new Array<number>(8).fill(0));
	for (const [from, to] of edges) adjacency[from]![to] = 1;
	return { adjacency, operations: [...operations, ...Array(6 - operations.length).fill(skip)] };
}

describe("normalizeCell", () => {
	it("joins the parents of a skip to its children, through chains of skips", () => {
		const raw = rawCell(
			[
				[0, 1],
				[0, 2],
				[1, 3],
				[2, 3],
				[3, 4],
				[4, 5],
				[5, 7],
			],
			[conv, skip, skip, skip, conv],
		);
		expect(normalizeCell(raw)).toEqual(
			createCell(
				[conv, conv],
				[
					[0, 1],
					[0, 2],
					[1, 2],
					[2, 3],
				],
			),
		);
	});

	it("drops unused nodes, dead ends and sources that are not the input", () => {
		const raw = rawCell(
			[
				[0, 1],
				[1, 7],
				[1, 2],
				[3, 7],
			],
			[conv, conv, conv],
		);
		expect(normalizeCell(raw)).toEqual(
			createCell(
				[conv],
				[
					[0, 1],
					[1, 2],
				],
			),
		);
	});

	it("turns skips alone into one edge", () => {
		expect(
			normalizeCell(
				rawCell(
					[
						[0, 1],
						[1, 7],
						[0, 2],
						[2, 7],
					],
					[],
				),
			).edges,
		).toEqual([[0, 1]]);
	});

	it.each([
		[
			"adjacency[2][1]",
			"CELL_CYCLIC",
			rawCell(
				[
					[0, 1],
					[2, 1],
					[1, 7],
				],
				[conv, conv],
			),
		],
		["adjacency", "CELL_NOT_CONNECTED", rawCell([[0, 1]], [conv])],
		[
			"operations[0].type",
			"UNKNOWN_OPERATION",
			rawCell([[0, 1]], [{ type: "max_pool", kernel: 3 } as never]),
		],
		[
			"operations[0].kernel",
			"UNKNOWN_OPERATION",
			rawCell([[0, 1]], [{ type: "conv", kernel: Number.NaN } as never]),
		],
		[
			"adjacency",
			"INVALID_ADJACENCY",
			{
				...rawCell([], []),
				adjacency: [
					[0, 1],
					[0, 0],
				],
			},
		],
		[
			"adjacency[0][0]",
			"INVALID_ADJACENCY",
			{ ...rawCell([], []), adjacency: Array(8).fill(Array(8).fill(Number.NaN)) },
		],
		["operations", "INVALID_FIELD", { ...rawCell([[0, 7]], []), operations: [conv] }],
	] as [string, string, RawCell][])("names %s (%s)", (field, reason, raw) => {
		expect(() => normalizeCell(raw)).toThrow(
			expect.objectContaining({
				category: "INVALID_ARGUMENT",
				reason,
				violations: [expect.objectContaining({ field })],
			}),
		);
	});
});

describe("random cells", () => {
	it("have depth three or more, at most six operations, and every node on a path", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const cell = randomCell(createRandom(seed));
				const nodes = cell.operations.length + 2;
				expect(cellDepth(cell)).toBeGreaterThanOrEqual(3);
				expect(nodes).toBeLessThanOrEqual(8);
				for (let node = 1; node < nodes; node++) expect(cell.edges.some(([, to]) => to === node)).toBe(true);
				for (let node = 0; node < nodes - 1; node++)
					expect(cell.edges.some(([from]) => from === node)).toBe(true);
				expect(createCell(cell.operations, cell.edges)).toEqual(cell);
			}),
			{ numRuns: 300 },
		);
	});

	it("are drawn with uniform parent counts, uniform parents and uniform types", () => {
		const random = createRandom(7);
		const draws = 6000;
		const parentsOfLast = new Array<number>(8).fill(0);
		const feeds = new Array<number>(7).fill(0);
		const types = new Map<string, number>();
		for (let i = 0; i < draws; i++) {
			const { adjacency, operations } = randomRawCell(random);
			parentsOfLast[adjacency.reduce((sum, row) => sum + row[7]!, 0)]!++;
			adjacency.slice(0, 7).forEach((row, from) => {
				feeds[from]! += row[7]!;
			});
			for (const { type } of operations) types.set(type, (types.get(type) ?? 0) + 1);
		}
		expect(parentsOfLast[0]).toBe(0);
		for (const count of parentsOfLast.slice(1)) expect(Math.abs(count - draws / 7)).toBeLessThan(120); // 4.4 σ
		for (const count of feeds) expect(Math.abs(count - (draws * 4) / 7)).toBeLessThan(170); // mean 4 parents of 7
		expect(types.size).toBe(OPERATION_TYPES.length + 1);
		for (const count of types.values()) expect(Math.abs(count - 0.6 * draws)).toBeLessThan(260);
	});

	it("repeat for the same seed", () => {
		expect(randomCell(createRandom(11))).toEqual(randomCell(createRandom(11)));
	});
});
