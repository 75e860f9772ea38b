import { createRandom, shuffled } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cell, cellDepth, createCell, parentsOf } from "./cell.js";
import { KERNELS, OPERATION_TYPES, type Operation } from "./operation.js";
import { randomCell } from "./random-cell.js";

const conv = { type: "conv", kernel: 3 } as const;
const pool = { type: "avg_pool", kernel: 3 } as const;

/** The same graph with its operations renumbered by a random permutation (any, not only topological ones). */
function relabelled(cell: Cell, seed: number): Cell {
	const n = cell.operations.length;
	const order = shuffled(createRandom(seed), [...cell.operations.keys()]); // new place → old operation
	const place = new Map<number, number>([
		[0, 0],
		[n + 1, n + 1],
	]);
	for (const [now, old] of order.entries()) place.set(old + 1, now + 1);
	const operations = order.map((old) => cell.operations[old]!);
	const edges = cell.edges.map(([from, to]): [number, number] => [place.get(from)!, place.get(to)!]);
	return createCell(operations, shuffled(createRandom(seed + 1), edges));
}

function permutations(items: readonly number[]): number[][] {
	if (items.length === 0) return [[]];
	return items.flatMap((head) =>
		permutations(items.filter((item) => item !== head)).map((rest) => [head, ...rest]),
	);
}

/** Isomorphism by definition: some bijection of operation nodes keeps labels and edges. */
function isomorphic(a: Cell, b: Cell): boolean {
	const n = a.operations.length;
	if (n !== b.operations.length || a.edges.length !== b.edges.length) return false;
	const edgesOfB = new Set(b.edges.map(String));
	const label = ({ type, kernel }: Operation) => `${type}${kernel}`;
	return permutations([...a.operations.keys()]).some((image) => {
		const place = (node: number) => (node === 0 || node === n + 1 ? node : image[node - 1]! + 1);
		return (
			a.operations.every((operation, i) => label(operation) === label(b.operations[image[i]!]!)) &&
			a.edges.every(([from, to]) => edgesOfB.has(String([place(from), place(to)])))
		);
	});
}

/** Cells of few distinct operations and random edges: many near-isomorphic pairs. */
const smallCells = fc
	.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(2 ** 21), fc.nat(2 ** 5))
	.map(([n, edgeBits, typeBits]) => {
		const operations = Array.from({ length: n }, (_, i) => ((typeBits >> i) & 1 ? conv : pool));
		const pairs = Array.from({ length: n + 1 }, (_, from) =>
			Array.from({ length: n + 1 - from }, (_, d): [number, number] => [from, from + d + 1]),
		).flat();
		const spine = [
			[0, 1],
			[n, n + 1],
		] as [number, number][];
		return createCell(operations, [...spine, ...pairs.filter((_, i) => (edgeBits >> i) & 1), [0, n + 1]]);
	});

describe("canonical cells", () => {
	it("are deeply equal after any relabelling", () => {
		fc.assert(
			fc.property(fc.integer(), fc.integer(), (seed, order) => {
				const cell = randomCell(createRandom(seed));
				expect(relabelled(cell, order)).toEqual(cell);
			}),
			{ numRuns: 500 },
		);
	});

	it("are equal after relabelling also when operations repeat", () => {
		fc.assert(
			fc.property(smallCells, fc.integer(), (cell, order) => {
				expect(relabelled(cell, order)).toEqual(cell);
			}),
			{ numRuns: 1000 },
		);
	});

	it("have the same hash exactly when they are isomorphic", () => {
		fc.assert(
			fc.property(smallCells, smallCells, (a, b) => {
				expect(a.hash === b.hash).toBe(isomorphic(a, b));
			}),
			{ numRuns: 1000 },
		);
	});

	it("tell apart all 27 operations", () => {
		const hashes = OPERATION_TYPES.flatMap((type) =>
			KERNELS.map(
				(kernel) =>
					createCell(
						[{ type, kernel }],
						[
							[0, 1],
							[1, 2],
						],
					).hash,
			),
		);
		expect(new Set(hashes).size).toBe(27);
	});

	it("keep the hash that histories and caches rely on", () => {
		expect(
			createCell(
				[conv, pool],
				[
					[0, 1],
					[0, 2],
					[1, 2],
					[2, 3],
				],
			).hash,
		).toBe("20108304");
	});
});

describe("createCell", () => {
	it("orders edges upwards and drops nodes without use", () => {
		const cell = createCell(
			[conv, pool, conv],
			[
				[0, 2],
				[2, 1],
				[1, 4],
				[0, 3],
			],
		);
		expect(cell.operations).toEqual([pool, conv]);
		expect(cell.edges).toEqual([
			[0, 1],
			[1, 2],
			[2, 3],
		]);
		expect(parentsOf(cell, 2)).toEqual([1]);
		expect(cellDepth(cell)).toBe(3);
	});

	it("allows a cell without operations", () => {
		expect(createCell([], [[0, 1]])).toEqual({ operations: [], edges: [[0, 1]], hash: "01" });
	});

	it.each([
		[
			"CELL_CYCLIC",
			[
				[0, 1],
				[1, 2],
				[2, 1],
				[2, 3],
			],
		],
		[
			"CELL_CYCLIC",
			[
				[0, 1],
				[1, 1],
				[1, 3],
			],
		],
		[
			"CELL_CYCLIC",
			[
				[0, 1],
				[1, 0],
				[1, 3],
			],
		],
		[
			"CELL_NOT_CONNECTED",
			[
				[0, 1],
				[2, 3],
			],
		],
		["CELL_NOT_CONNECTED", []],
		["INVALID_EDGE", [[0, 4]]],
		["INVALID_EDGE", [[0, Number.NaN]]],
	] as [string, [number, number][]][])("refuses a graph with %s", (reason, edges) => {
		expect(() => createCell([conv, conv], edges)).toThrow(
			expect.objectContaining({ category: "INVALID_ARGUMENT", reason, violations: [expect.anything()] }),
		);
	});

	it("refuses a seventh operation", () => {
		expect(() => createCell(Array(7).fill(conv), [[0, 8]])).toThrow(
			expect.objectContaining({ reason: "TOO_MANY_OPERATIONS" }),
		);
	});
});
