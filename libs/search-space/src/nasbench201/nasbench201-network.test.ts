import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countLayers } from "../counting.js";
import { lowerNasBench201 } from "./nasbench201-network.js";

const OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"];
const archOf = ([a, b, c, d, e, f]: readonly string[]) => `|${a}~0|+|${b}~0|${c}~1|+|${d}~0|${e}~1|${f}~2|`;
const operations = fc.array(fc.constantFrom(...OPERATIONS), { minLength: 6, maxLength: 6 });

describe("the NAS-Bench-201 network", () => {
	it("has 72656 + 65·classes + 243040·#conv3×3 + 28000·#conv1×1 parameters, connected or not", () => {
		fc.assert(
			fc.property(operations, fc.constantFrom(10, 100, 120), (names, classes) => {
				const count = (wanted: string) => names.filter((name) => name === wanted).length;
				const expected =
					72656 + 65 * classes + 243040 * count("nor_conv_3x3") + 28000 * count("nor_conv_1x1");
				expect(countLayers(lowerNasBench201(archOf(names), { classes })).parameterCount).toBe(expected);
			}),
		);
	});

	it("is a chain of stem, 3 × 5 cells, two blocks and head that halves the image twice", () => {
		const graph = lowerNasBench201(archOf(OPERATIONS.concat("none")));
		const kinds = graph.sections.map(({ kind }) => kind);
		expect(kinds.filter((kind) => kind === "cell")).toHaveLength(15);
		expect([kinds[0], kinds[6], kinds[12], kinds.at(-1)]).toEqual(["stem", "block", "block", "head"]);
		expect(graph.sections.map(({ output }) => graph.values[output]!.height)).toEqual([
			...new Array(6).fill(32),
			...new Array(6).fill(16),
			...new Array(6).fill(8),
			1,
		]);
		const { sections } = graph;
		expect(sections.slice(1).map(({ input }) => input)).toEqual(
			sections.slice(0, -1).map(({ output }) => output),
		);
	});

	it("keeps parallel skips and edges that carry nothing", () => {
		const graph = lowerNasBench201(
			archOf(["skip_connect", "skip_connect", "skip_connect", "none", "none", "skip_connect"]),
		);
		const cell = graph.layers.filter(({ name }) => name.startsWith("stages.0.0."));
		const input = graph.sections[1]!.input;
		expect(cell.map(({ name, inputs }) => [name, inputs])).toEqual([
			["stages.0.0.node2", [input, input]],
			["stages.0.0.edge03.zero", [input]],
			["stages.0.0.edge13.zero", [input]],
			["stages.0.0.node3", [expect.any(Number), expect.any(Number), expect.any(Number)]],
		]);
	});

	it("names what is no architecture", () => {
		expect(() => lowerNasBench201("|conv|")).toThrow(
			expect.objectContaining({ reason: "INVALID_ARCH_STRING" }),
		);
		expect(() => lowerNasBench201(archOf(["conv", ...OPERATIONS]))).toThrow(
			expect.objectContaining({ reason: "UNKNOWN_OPERATION" }),
		);
	});
});
