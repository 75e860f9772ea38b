import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, it } from "vitest";
import { countLayers } from "./counting.js";
import { layerDepth } from "./depth.js";
import { lowerNetwork } from "./lower-network.js";
import { randomCell } from "./random-cell.js";
import { SectionCounter } from "./section-counter.js";

const widths = fc.integer({ min: 1, max: 12 }).map((n) => 8 * n);
const stage = fc.record({
	cell: fc.nat(5).map((seed) => randomCell(createRandom(seed))),
	channels: widths,
	stride: fc.constantFrom(1 as const, 2 as const),
	repeats: fc.integer({ min: 1, max: 4 }),
});
const network = fc.record({
	input: fc.record({ size: fc.integer({ min: 16, max: 97 }), channels: fc.constant(3) }),
	task: fc.constantFrom(
		undefined,
		"multilabel" as const,
		"regression" as const,
		"dense" as const,
		"features" as const,
	),
	classes: fc.integer({ min: 2, max: 100 }),
	stem: fc.record({ channels: widths, stride: fc.constantFrom(1 as const, 2 as const) }),
	stages: fc.array(stage, { minLength: 1, maxLength: 5 }),
	finalChannels: widths,
});

it("counts networks as their layers are counted, whatever was counted before", () => {
	const counter = new SectionCounter();
	fc.assert(
		fc.property(network, (network) => {
			const graph = lowerNetwork(network);
			expect(counter.count(network)).toEqual({ ...countLayers(graph), depth: layerDepth(graph) });
		}),
		{ numRuns: 200 },
	);
});
