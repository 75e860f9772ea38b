import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { afterStage, afterStem, countStage } from "./count-stage.js";
import { countLayers, countNetwork, sumCounts } from "./counting.js";
import { lowerNetwork } from "./lower-network.js";
import { macroNetwork } from "./macro-network.js";
import type { Stage } from "./network.js";
import { randomCell } from "./random-cell.js";

const stages: fc.Arbitrary<Stage[]> = fc.array(
	fc.record({
		cell: fc.nat(200).map((seed) => randomCell(createRandom(seed))),
		channels: fc.integer({ min: 1, max: 12 }).map((eighths) => 8 * eighths),
		stride: fc.constantFrom(1 as const, 2 as const),
		repeats: fc.integer({ min: 1, max: 4 }),
	}),
	{ minLength: 1, maxLength: 4 },
);

test("a network is its stem, its stages one by one, and its head", () => {
	fc.assert(
		fc.property(stages, fc.integer({ min: 16, max: 96 }), (parts, size) => {
			const network = macroNetwork(parts, 64, { size, classes: 10 });
			const graph = lowerNetwork(network);
			const ends = graph.sections.filter(({ kind }) => kind !== "cell");
			const rest = ends.map(({ firstLayer, endLayer }) =>
				countLayers({ ...graph, layers: graph.layers.slice(firstLayer, endLayer) }),
			);
			let input = afterStem(network.stem.channels, size);
			for (const stage of parts) {
				rest.push(countStage(stage, input));
				input = afterStage(stage, input);
			}
			expect(sumCounts(rest)).toEqual(countNetwork(network));
		}),
	);
});
