import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellFromJson } from "./cell-json.js";
import { countLayers } from "./counting.js";
import { layerDepth } from "./depth.js";
import { lowerNetwork } from "./lower-network.js";
import { macroNetwork } from "./macro-network.js";
import { randomCell } from "./random-cell.js";
import { networkStructure } from "./structure.js";

const CONV = { type: "conv", kernel: 3 };
const CHAIN = [
	[0, 1],
	[1, 2],
];
const target = { size: 32, classes: 10 };
/** @param wiring edges, as `0>1 1>2` */
const structureOf = (wiring: string, repeats = 1, type = "conv", kernel = 3) => {
	const edges = wiring.split(" ").map((edge) => edge.split(">").map(Number));
	const operations = Array.from({ length: Math.max(...edges.flat()) - 1 }, () => ({ type, kernel }));
	const stage = { cell: cellFromJson({ operations, edges }), channels: 16, stride: 1 as const, repeats };
	return networkStructure(lowerNetwork(macroNetwork([stage], 64, target)));
};

describe("structure", () => {
	it("of a chain is its rectifiers and kernels", () => {
		const chain = structureOf("0>1 1>2 2>3");
		expect(chain).toMatchObject({ effectiveDepth: 3, blur: 0, context: 2 + 2 * 2, halvings: 0 });
	});

	it("halves what stands beside a short-cut", () => {
		const chain = structureOf("0>1 1>2 2>3", 4);
		const residual = structureOf("0>1 1>2 2>3 0>3", 4);
		expect(chain.effectiveDepth).toBe(1 + 4 * 2);
		expect(residual.effectiveDepth).toBe(1 + 4);
		expect(residual.context).toBe(chain.context);
	});

	it("counts pools as blur, by the share that passes them", () => {
		expect(structureOf("0>1 1>2", 2, "avg_pool", 5).blur).toBe(8);
		expect(structureOf("0>1 0>2 1>2", 2, "avg_pool", 5).blur).toBe(4);
		expect(structureOf("0>1 1>2", 2, "avg_pool", 1).blur).toBe(0);
	});

	it("is out of balance by as much as work is gathered on maps of one size", () => {
		// 3×3 convolutions of 16 → 16 channels before a halving, of 32 → 32 behind it: equal work but for the stem and the way between them
		const stages = (first: number, second: number) =>
			[
				{ channels: 16, stride: 1 as const, repeats: first },
				{ channels: 32, stride: 2 as const, repeats: second },
			].map((stage) => ({ ...stage, cell: cellFromJson({ operations: [CONV], edges: CHAIN }) }));
		const of = (first: number, second: number, size = 32) =>
			networkStructure(lowerNetwork(macroNetwork(stages(first, second), 64, { ...target, size }))).imbalance;
		expect(of(8, 8)).toBeLessThan(0.02);
		expect(of(1, 15)).toBeGreaterThan(0.2);
		expect(of(15, 1)).toBeGreaterThan(0.2);
		expect(of(1, 15)).toBeLessThan(Math.log(2));
		expect(of(5, 9, 33)).toBe(of(5, 9, 64));
		expect(structureOf("0>1 1>2 2>3").imbalance).toBe(0);
	});

	it("does not depend on the size of the images, nor its effective depth exceed the longest way", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 1e6 }),
				fc.integer({ min: 1, max: 4 }),
				fc.constantFrom(1 as const, 2 as const),
				(seed, repeats, stride) => {
					const cell = randomCell(createRandom(seed));
					const stages = [{ cell, channels: 16, stride, repeats }];
					const graph = lowerNetwork(macroNetwork(stages, 64, target));
					const structure = networkStructure(graph);
					expect(networkStructure(lowerNetwork(macroNetwork(stages, 64, { ...target, size: 64 })))).toEqual(
						structure,
					);
					const { parameterCount } = countLayers(graph);
					expect(structure).toMatchObject({ outputs: 10, bodyParameters: parameterCount - 64 * 10 - 10 });
					expect(structure.halvings).toBe(Math.log2(stride));
					// Each rectifier has a convolution behind it, and each convolution of a way but the first at most one in front.
					expect(structure.effectiveDepth).toBeLessThan(layerDepth(graph));
					expect(structure.effectiveDepth).toBeGreaterThanOrEqual(1);
				},
			),
			{ numRuns: 100 },
		);
	});
});
