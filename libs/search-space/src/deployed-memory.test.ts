import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCell } from "./cell.js";
import { countNetwork } from "./counting.js";
import { countMemory, deployedGraph, peakElements } from "./deployed-memory.js";
import { type LayerGraph, squareMap, valueElements } from "./layer.js";
import { LayerBuilder } from "./layer-builder.js";
import { lowerNetwork } from "./lower-network.js";
import { macroNetwork } from "./macro-network.js";
import type { Stage } from "./network.js";
import { randomCell } from "./random-cell.js";

const stages = fc.array(
	fc.record({
		cell: fc.nat().map((seed) => randomCell(createRandom(seed))),
		channels: fc.integer({ min: 1, max: 4 }).map((width) => 8 * width),
		stride: fc.constantFrom(1, 2),
		repeats: fc.constantFrom(1, 2),
	}) as fc.Arbitrary<Stage>,
	{ minLength: 1, maxLength: 3 },
);
const networks = stages.map((parts) => macroNetwork(parts, 16, { size: 24, classes: 7 }));

/** The largest live set, found by asking of every map at every moment whether it is still needed. */
function peakByDefinition(graph: LayerGraph): number {
	const { operations, elements, input, output } = deployedGraph(graph);
	const maps = new Set([input, ...operations.flatMap(({ reads, writes }) => [...reads, writes])]);
	return Math.max(
		...operations.map((_, now) => {
			const isAlive = (map: number) => {
				const made = map === input || operations.slice(0, now + 1).some(({ writes }) => writes === map);
				const needed = map === output || operations.slice(now).some(({ reads }) => reads.includes(map));
				return made && (needed || operations[now]!.writes === map);
			};
			return [...maps].filter(isAlive).reduce((sum, map) => sum + elements[map]!, 0);
		}),
	);
}

describe("memory on a device", () => {
	it("is the largest set of maps that are needed at once, by definition", () => {
		fc.assert(
			fc.property(networks, (network) => {
				const graph = lowerNetwork(network);
				expect(peakElements(deployedGraph(graph))).toBe(peakByDefinition(graph));
			}),
			{ numRuns: 30 },
		);
	});

	it("has weights of four bytes in float32 and of one in int8, biases of four in both", () => {
		fc.assert(
			fc.property(networks, (network) => {
				const { weightBytesInt8, weightBytesFloat32, peakActivationBytesInt8, ...rest } =
					countMemory(network);
				const biases = (4 * weightBytesInt8 - weightBytesFloat32) / 12;
				expect(Number.isInteger(biases)).toBe(true);
				expect(rest.peakActivationBytesFloat32).toBe(4 * peakActivationBytesInt8);
				// a convolution's bias is what folding leaves of its batch normalisation, and only factors of average pools are new
				const { parameterCount } = countNetwork(network);
				const { layers, values } = lowerNetwork(network);
				const places = layers
					.filter(({ kind }) => kind === "average_pool")
					.map(({ output }) => valueElements(values[output]!) / values[output]!.channels);
				expect(weightBytesFloat32 / 4).toBeLessThanOrEqual(
					parameterCount + places.reduce((sum, count) => sum + count, 0),
				);
			}),
			{ numRuns: 30 },
		);
	});

	it("folds batch normalisation and ReLU into the convolution before them, and keeps what two read", () => {
		const builder = new LayerBuilder();
		const image = builder.input(squareMap(3, 8));
		const mapped = builder.batchNorm("norm", builder.conv("conv", image, { outChannels: 4, kernel: 3 }));
		const active = builder.relu("relu", mapped);
		const sum = builder.add("sum", [active, mapped, builder.conv("other", active, { outChannels: 4 })]);
		const { operations } = deployedGraph(builder.build(image, sum));
		expect(operations.map(({ name }) => name)).toEqual(["conv", "relu", "other", "sum", "sum"]);
		expect(operations[0]).toMatchObject({ weights: 108, biases: 4 });
		// relu, mapped, other and their first sum
		expect(peakElements(deployedGraph(builder.build(image, sum)))).toBe(4 * 4 * 64);
	});

	it("pads the map of an average pool with stride, scales its result, and writes its batch normalisation as a product and a sum", () => {
		const cell = createCell(
			[{ type: "avg_pool", kernel: 3 }],
			[
				[0, 1],
				[1, 2],
			],
		);
		const network = macroNetwork([{ cell, channels: 8, stride: 2, repeats: 1 }], 8, { size: 16, classes: 2 });
		const { operations } = deployedGraph(lowerNetwork(network));
		expect(operations.map(({ name }) => name.split(".").slice(-1)[0])).toEqual([
			...[
				"conv",
				"pool",
				"pool",
				"pool",
				"pool_norm",
				"pool_norm",
				"input_norm",
				"input_norm",
				"conv",
				"pool",
				"classifier",
			],
		]);
	});
});
