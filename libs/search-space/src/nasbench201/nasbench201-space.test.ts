import { createRandom } from "@archgen/random";
import { expect, it } from "vitest";
import { countLayers } from "../counting.js";
import { NASBENCH201_OPERATIONS, type NasBench201Operation, nasBench201Operations } from "./nasbench201.js";
import { lowerNasBench201 } from "./nasbench201-network.js";
import { nasBench201Space as space } from "./nasbench201-space.js";

const BEST =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

/** All 15,625 architectures. */
function* everyArchitecture(): Generator<NasBench201Operation[]> {
	for (let index = 0; index < 5 ** 6; index++)
		yield Array.from({ length: 6 }, (_, e) => NASBENCH201_OPERATIONS[Math.floor(index / 5 ** e) % 5]!);
}

it("has 15,625 architectures of 6,466 structures, the published number", () => {
	const all = [...everyArchitecture()];
	expect(BigInt(all.length)).toBe(space.limits.architectures);
	expect(new Set(all.map(space.hash)).size).toBe(6466);
});

it("takes skips for what they pass on and unused operations for nothing", () => {
	const hash = (...operations: NasBench201Operation[]) => space.hash(operations);
	// input → conv → skip → output, by node 1, by node 2
	expect(hash("skip_connect", "none", "none", "none", "nor_conv_3x3", "none")).toBe(
		hash("nor_conv_3x3", "none", "none", "none", "skip_connect", "none"),
	);
	// an operation that nothing reads
	expect(hash("avg_pool_3x3", "none", "none", "nor_conv_1x1", "none", "none")).toBe(
		hash("none", "none", "none", "nor_conv_1x1", "none", "none"),
	);
	expect(hash("none", "none", "none", "nor_conv_1x1", "none", "none")).not.toBe(
		hash("none", "none", "none", "nor_conv_3x3", "none", "none"),
	);
});

it("is a line graph of eight nodes", () => {
	const successors = Array.from({ length: 8 }, (_, node) =>
		space.tensorShape.edges!.flatMap(([from, to]) => (from === node ? [to] : [])),
	);
	expect(successors).toEqual([[1, 2, 4], [3, 5], [6], [6], [7], [7], [7], []]);
	expect(space.tensorShape.classes).toEqual([
		"input",
		"output",
		"none",
		"skip_connect",
		"nor_conv_1x1",
		"nor_conv_3x3",
		"avg_pool_3x3",
	]);
});

it("puts the operations in the order of the architecture string", () => {
	const { nodes } = space.encode(nasBench201Operations(BEST));
	const classes = Array.from({ length: 8 }, (_, node) => nodes.subarray(7 * node, 7 * node + 7).indexOf(1));
	expect(classes).toEqual([0, 5, 5, 5, 3, 4, 5, 1]);
});

it("finds input and output only in their places", () => {
	const tensors = space.encode(nasBench201Operations(BEST));
	const moved = (node: number, label: number) => {
		const nodes = tensors.nodes.slice().fill(0, 7 * node, 7 * node + 7);
		nodes[7 * node + label] = 1;
		const decoded = space.decode({ ...tensors, nodes });
		return decoded.valid ? "valid" : [decoded.reason, decoded.field];
	};
	expect(moved(0, 3)).toEqual(["INPUT_MISPLACED", "nodes[0]"]);
	expect(moved(4, 0)).toEqual(["INPUT_MISPLACED", "nodes[4]"]);
	expect(moved(4, 1)).toEqual(["OUTPUT_MISPLACED", "nodes[4]"]);
	expect(moved(7, 2)).toEqual(["OUTPUT_MISPLACED", "nodes[7]"]);
	expect(moved(4, 2)).toBe("valid");
});

it("builds the benchmark's own network", () => {
	const operations = nasBench201Operations(BEST);
	expect(space.lower(operations)).toEqual(lowerNasBench201(BEST));
	expect(space.lower(operations, { size: 32, classes: 120 })).toEqual(
		lowerNasBench201(BEST, { classes: 120 }),
	);
	expect(countLayers(space.lower(operations)).parameterCount).toBe(72656 + 650 + 4 * 243040 + 28000);
});

it("samples every operation equally often", () => {
	const random = createRandom(3);
	const counts = new Map<string, number>();
	for (let i = 0; i < 5000; i++)
		for (const name of space.random(random)) counts.set(name, (counts.get(name) ?? 0) + 1);
	const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 6000) ** 2 / 6000, 0);
	expect(counts.size).toBe(5);
	expect(chiSquare).toBeLessThan(18.5); // 99.9 % quantile with 4 degrees of freedom
});
