import { createRandom } from "@archgen/random";
import { describe, expect, it } from "vitest";
import { type DartsArchitecture, type DartsCell, dartsSpace as space } from "./darts-space.js";

// The second-order cell of Liu et al. 2019.
const NORMAL: DartsCell = [
	["sep_conv_3x3", 0],
	["sep_conv_3x3", 1],
	["sep_conv_3x3", 0],
	["sep_conv_3x3", 1],
	["sep_conv_3x3", 1],
	["skip_connect", 0],
	["skip_connect", 0],
	["dil_conv_3x3", 2],
];
const published: DartsArchitecture = { normal: NORMAL, reduce: NORMAL };

describe("DARTS", () => {
	it("has the graph of a genotype: an operation reads an input or both operations of a state", () => {
		const { nodes, adjacency } = space.encode(published);
		const parents = (node: number) =>
			Array.from({ length: 22 }, (_, from) => from).filter((from) => adjacency[from * 22 + node] === 1);
		expect(parents(2)).toEqual([0]);
		expect(parents(9)).toEqual([2, 3]);
		expect(parents(10)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
		expect(parents(20)).toEqual([13, 14]);
		expect(nodes.reduce((sum, entry) => sum + entry, 0)).toBe(22);
	});

	it("takes states in another order and swapped edges for the same", () => {
		const swapped = NORMAL.with(0, NORMAL[1]!).with(1, NORMAL[0]!);
		// states 3 and 4 change places; neither reads the other
		const reordered = [
			...NORMAL.slice(0, 2),
			...NORMAL.slice(4, 6),
			...NORMAL.slice(2, 4),
			...NORMAL.slice(6),
		];
		const hash = space.hash(published);
		expect(space.hash({ ...published, normal: swapped })).toBe(hash);
		expect(space.hash({ ...published, normal: reordered })).toBe(hash);
		// states 2 and 3 are equal, so that it does not matter which is read
		expect(space.hash({ ...published, normal: NORMAL.with(7, ["dil_conv_3x3", 3]) })).toBe(hash);
		expect(space.hash({ ...published, normal: NORMAL.with(7, ["dil_conv_3x3", 4]) })).not.toBe(hash);
		expect(space.hash({ ...published, normal: NORMAL.with(7, ["dil_conv_5x5", 2]) })).not.toBe(hash);
	});

	it("says which edge breaks a rule", () => {
		const reasonOf = (normal: DartsCell) => {
			const problem = space.problem({ ...published, normal });
			return problem && `${problem.reason} ${problem.field}`;
		};
		expect(reasonOf(NORMAL)).toBeUndefined();
		expect(reasonOf(NORMAL.slice(1))).toBe("EDGE_COUNT normal");
		expect(reasonOf(NORMAL.with(1, ["sep_conv_3x3", 0]))).toBe("INPUT_TWICE normal[1]");
		expect(reasonOf(NORMAL.with(2, ["sep_conv_3x3", 3]))).toBe("INPUT_NOT_EARLIER normal[2]");
		const tensors = space.encode(published);
		tensors.adjacency[2 * 22 + 10] = 0;
		expect(space.decode(tensors)).toMatchObject({ reason: "WRONG_EDGE", field: "nodes[10]" });
	});

	it("changes one edge in a mutation", () => {
		for (let seed = 0; seed < 50; seed++) {
			const mutant = space.mutate(published, createRandom(seed));
			const changed = (["normal", "reduce"] as const).flatMap((kind) =>
				mutant[kind].filter((edge, e) => edge.join() !== published[kind][e]!.join()),
			);
			expect(changed).toHaveLength(1);
		}
	});
});
