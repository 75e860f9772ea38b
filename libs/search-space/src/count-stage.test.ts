import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { afterStage, afterStem, countStage } from "./count-stage.js";
import { countLayers, countNetwork, sumCounts } from "./counting.js";
import { layerDepth } from "./depth.js";
import { lowerNetwork } from "./lower-network.js";
import { macroNetwork, type Target } from "./macro-network.js";
import type { Stage } from "./network.js";
import { randomCell } from "./random-cell.js";
import { OUTPUT_STRIDES } from "./space-limits.js";

const stages: fc.Arbitrary<Stage[]> = fc.array(
	fc.record({
		cell: fc.nat(200).map((seed) => randomCell(createRandom(seed))),
		channels: fc.integer({ min: 1, max: 12 }).map((eighths) => 8 * eighths),
		stride: fc.constantFrom(1 as const, 2 as const),
		repeats: fc.integer({ min: 1, max: 4 }),
	}),
	{ minLength: 1, maxLength: 4 },
);

const side = fc.integer({ min: 16, max: 96 });
const targets: fc.Arbitrary<Target> = fc.oneof(
	side.map((size) => ({ size, classes: 10 })),
	fc.record({
		size: side,
		width: side,
		channels: fc.integer({ min: 1, max: 64 }),
		classes: fc.integer({ min: 2, max: 20 }),
		task: fc.constantFrom("classification", "multilabel", "regression"),
	}),
	fc.record({
		...{ size: side, width: side, classes: fc.integer({ min: 1, max: 4 }) },
		task: fc.constant("dense" as const),
		outputStride: fc.constantFrom(...OUTPUT_STRIDES),
	}),
);

test("a network is its stem, its stages one by one, and its head", () => {
	fc.assert(
		fc.property(stages, targets, (parts, target) => {
			const network = macroNetwork(parts, 64, target);
			const graph = lowerNetwork(network);
			const ends = graph.sections.filter(({ kind }) => kind !== "cell");
			const rest = ends.map(({ firstLayer, endLayer, input, output }) => {
				const part = { ...graph, layers: graph.layers.slice(firstLayer, endLayer), input, output };
				return { ...countLayers(part), depth: layerDepth(part) };
			});
			let input = afterStem(network.stem.channels, target);
			for (const stage of network.stages) {
				rest.push(countStage(stage, input));
				input = afterStage(stage, input);
			}
			expect(sumCounts(rest)).toEqual(countNetwork(network));
			expect(rest.reduce((sum, { depth }) => sum + depth, 0)).toBe(layerDepth(graph));
		}),
	);
});
