import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cell, createCell } from "./cell.js";
import { countNetwork } from "./counting.js";
import { cellFromGraphNet } from "./graphnet.js";
import { graphNetFileFromJson } from "./graphnet-file.js";
import { cellFromNasBench201 } from "./nasbench201/nasbench201.js";
import { KERNELS, OPERATION_TYPES } from "./operation.js";
import { randomCell } from "./random-cell.js";

const RELEASED = fileURLToPath(
	new URL("../../../data/graphnet/released-architectures.json", import.meta.url),
);

const conv1 = { type: "conv", kernel: 1 } as const;
const conv3 = { type: "conv", kernel: 3 } as const;
const pool3 = { type: "avg_pool", kernel: 3 } as const;

describe("cellFromNasBench201", () => {
	it("makes nodes of operations, edges of skips and nothing of none", () => {
		const arch = "|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|none~1|nor_conv_1x1~2|";
		// 1 = conv3 0→1, 2 = conv1 0→2, 3 = pool 1→2, 4 = conv1 2→3
		const edges: [number, number][] = [
			[0, 1],
			[0, 2],
			[1, 3],
			[2, 4],
			[3, 4],
			[0, 5],
			[4, 5],
		];
		expect(cellFromNasBench201(arch)).toEqual(createCell([conv3, conv1, pool3, conv1], edges));
	});

	it("collapses parallel skip paths", () => {
		const skips =
			"|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|nor_conv_3x3~2|";
		expect(cellFromNasBench201(skips)).toEqual(
			createCell(
				[conv3],
				[
					[0, 1],
					[1, 2],
					[0, 2],
				],
			),
		);
	});

	it.each([
		["INVALID_ARCH_STRING", "nor_conv_3x3"],
		["UNKNOWN_OPERATION", "|toString~0|+|none~0|none~1|+|none~0|none~1|none~2|"],
	])("refuses with %s", (reason, arch) => {
		const violations = [expect.objectContaining({ field: "arch" })];
		expect(() => cellFromNasBench201(arch)).toThrow(expect.objectContaining({ reason, violations }));
	});

	it("refuses a cell of none", () => {
		const arch = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";
		expect(() => cellFromNasBench201(arch)).toThrow(
			expect.objectContaining({ reason: "CELL_NOT_CONNECTED" }),
		);
	});
});

/** The GraphNet matrices of a cell, as the published files write them. */
function graphNetOf({ operations, edges }: Cell): { adjacency: number[][]; features: number[][] } {
	const nodes = operations.length + 3;
	const adjacency = Array.from({ length: 9 }, (_, i) =>
		Array.from({ length: 9 }, (_, j) => (i < nodes && j < nodes && (i === j || i === 0) ? 1 : 0)),
	);
	for (const [from, to] of edges) adjacency[from + 1]![to + 1] = 1;
	const hot = (type: number, kernel: number) =>
		Array.from({ length: 15 }, (_, i) => (i === type || i === 12 + kernel ? 1 : 0));
	const rows = operations.map(({ type, kernel }) =>
		hot(OPERATION_TYPES.indexOf(type), KERNELS.indexOf(kernel)),
	);
	const features = [hot(11, 1), hot(9, 1), ...rows, hot(10, 2)];
	while (features.length < 9) features.push(Array(15).fill(0));
	return { adjacency, features };
}

describe("cellFromGraphNet", () => {
	it("reads back every cell", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const cell = randomCell(createRandom(seed));
				const { adjacency, features } = graphNetOf(cell);
				expect(cellFromGraphNet(adjacency, features)).toEqual(cell);
			}),
		);
	});

	it("names what is wrong with the matrices", () => {
		const { adjacency, features } = graphNetOf(
			createCell(
				[conv3],
				[
					[0, 1],
					[1, 2],
				],
			),
		);
		const violation = (field: string) =>
			expect.objectContaining({ violations: [expect.objectContaining({ field })] });
		expect(() => cellFromGraphNet(adjacency.slice(1), features)).toThrow(violation("adj"));
		expect(() => cellFromGraphNet(adjacency, features.slice(1))).toThrow(violation("ops"));
		expect(() => cellFromGraphNet(adjacency, features.with(2, Array(15).fill(0)))).toThrow(
			violation("ops[2]"),
		);
		expect(() => cellFromGraphNet(adjacency.with(1, Array(9).fill(0)), features)).toThrow(violation("adj"));
		expect(() => cellFromGraphNet(adjacency, features.with(3, features[2]!))).toThrow(violation("ops"));
	});
});

describe("graphNetFileFromJson", () => {
	it("names the field of a broken file", () => {
		expect(() => graphNetFileFromJson({})).toThrow(/archs: must be an array/);
		expect(() => graphNetFileFromJson({ archs: [{ set: "a", index: 0 }] })).toThrow(/archs\[0\]\.adj/);
	});

	describe("on the published architectures", () => {
		it("reproduces parameters and FLOPs of every one exactly", () => {
			const architectures = graphNetFileFromJson(JSON.parse(readFileSync(RELEASED, "utf8")));
			expect(architectures).toHaveLength(15);
			for (const { network, publishedParameterCount, publishedFlopCount } of architectures)
				expect(countNetwork(network)).toMatchObject({
					parameterCount: publishedParameterCount,
					flopCount: publishedFlopCount,
				});
		});
	});
});
