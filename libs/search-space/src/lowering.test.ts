import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCell } from "./cell.js";
import { type Layer, type LayerGraph, squareMap, type Value } from "./layer.js";
import { lowerCell } from "./lower-cell.js";
import { lowerNetwork } from "./lower-network.js";
import { alphaNetwork, type Network, type Stride } from "./network.js";
import { randomCell } from "./random-cell.js";

const conv = { type: "conv", kernel: 3 } as const;

/** Shape that a layer gives by the definition of its kind, independently of the builder. */
function expectedShape(layer: Layer, input: Value): Value {
	const window = (channels: number, k: number, stride: number, padding: number, dilation = 1): Value => {
		const side = (length: number) => Math.floor((length + 2 * padding - dilation * (k - 1) - 1) / stride) + 1;
		return { channels, height: side(input.height), width: side(input.width) };
	};
	switch (layer.kind) {
		case "conv":
			return window(layer.outChannels, layer.kernel, layer.stride, layer.padding, layer.dilation);
		case "average_pool":
			return window(input.channels, layer.kernel, layer.stride, layer.padding);
		case "global_average_pool":
			return squareMap(input.channels, 1);
		case "linear":
			return squareMap(layer.outFeatures, 1);
		default:
			return input;
	}
}

function expectConsistent(graph: LayerGraph): void {
	const written = new Set([graph.input]);
	for (const layer of graph.layers) {
		const inputs = layer.inputs.map((value) => graph.values[value]!);
		for (const value of layer.inputs) expect(written.has(value)).toBe(true);
		expect(written.has(layer.output)).toBe(false);
		written.add(layer.output);
		expect(graph.values[layer.output]).toEqual(expectedShape(layer, inputs[0]!));
		if (layer.kind === "conv") expect(layer.inChannels).toBe(inputs[0]!.channels);
		if (layer.kind === "add") for (const input of inputs) expect(input).toEqual(inputs[0]);
	}
	expect(written.has(graph.output)).toBe(true);
	expect(new Set(graph.layers.map(({ name }) => name)).size).toBe(graph.layers.length);
}

const networks = fc
	.tuple(
		fc.integer(),
		fc.array(
			fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom<Stride>(1, 2), fc.integer({ min: 1, max: 4 })),
			{ minLength: 1, maxLength: 5 },
		),
		fc.integer({ min: 16, max: 512 }),
	)
	.map(
		([seed, stages, size]): Network => ({
			input: { size, channels: 3 },
			classes: 10,
			stem: { channels: 8, stride: 2 },
			stages: stages.map(([eighths, stride, repeats], i) => ({
				cell: randomCell(createRandom(seed).fork(i)),
				channels: 8 * eighths,
				stride,
				repeats,
			})),
			finalChannels: 64,
		}),
	);

describe("lowering", () => {
	it("gives every value, odd sizes and strides included, the shape that its layer makes", () => {
		fc.assert(
			fc.property(networks, (network) => {
				expectConsistent(lowerNetwork(network));
			}),
			{ numRuns: 40 },
		);
	});

	it("covers all layers by sections in order", () => {
		fc.assert(
			fc.property(networks, (network) => {
				const { sections, layers, input, output } = lowerNetwork(network);
				expect(sections.map(({ firstLayer }) => firstLayer)).toEqual([
					0,
					...sections.slice(0, -1).map(({ endLayer }) => endLayer),
				]);
				expect(sections.at(-1)!.endLayer).toBe(layers.length);
				expect([sections[0]!.input, sections.at(-1)!.output]).toEqual([input, output]);
				for (const { name, firstLayer, endLayer } of sections)
					for (const layer of layers.slice(firstLayer, endLayer))
						expect(layer.name.startsWith(`${name}.`)).toBe(true);
			}),
			{ numRuns: 20 },
		);
	});

	it("has the head of α_x without and of a macro network with a final convolution", () => {
		const names = (finalChannels: number | null) =>
			lowerNetwork({
				...alphaNetwork(
					createCell(
						[conv],
						[
							[0, 1],
							[1, 2],
						],
					),
				),
				finalChannels,
			})
				.layers.map(({ name }) => name)
				.filter((name) => name.startsWith("head."));
		expect(names(null)).toEqual(["head.input_norm", "head.relu", "head.pool", "head.classifier"]);
		expect(names(64)).toEqual(
			["input_norm", "relu", "conv", "norm", "pool", "classifier"].map((name) => `head.${name}`),
		);
	});

	it("builds α_x of 17 cells that shrink 32 → 16 → 8", () => {
		const { sections, values } = lowerNetwork(
			alphaNetwork(
				createCell(
					[conv],
					[
						[0, 1],
						[1, 2],
					],
				),
			),
		);
		const cells = sections.filter(({ kind }) => kind === "cell").map(({ output }) => values[output]!);
		expect(cells.map(({ channels }) => channels)).toEqual([
			...Array(5).fill(16),
			...Array(6).fill(32),
			...Array(6).fill(64),
		]);
		expect(cells.map(({ height }) => height)).toEqual([
			...Array(5).fill(32),
			...Array(6).fill(16),
			...Array(6).fill(8),
		]);
	});
});

describe("projection", () => {
	const site = { input: squareMap(8, 32), channels: 16, stride: 2 };
	const projected = (graph: LayerGraph) => graph.layers.some(({ name }) => name.includes("projection"));

	it("is absent where every reader of the input is fed by it alone", () => {
		const graph = lowerCell(
			createCell(
				[conv, conv],
				[
					[0, 1],
					[1, 2],
					[2, 3],
				],
			),
			site,
		);
		expect(projected(graph)).toBe(false);
		const [first, second] = graph.layers.filter((layer) => layer.kind === "conv");
		expect(first).toMatchObject({ inChannels: 8, outChannels: 16, stride: 2 });
		expect(second).toMatchObject({ inChannels: 16, outChannels: 16, stride: 1 });
	});

	it("feeds sums and the output, while nodes of the input alone read it raw", () => {
		const graph = lowerCell(
			createCell(
				[conv, conv],
				[
					[0, 1],
					[0, 2],
					[1, 2],
					[2, 3],
					[0, 3],
				],
			),
			site,
		);
		const output = (name: string) => graph.layers.find((layer) => layer.name === name)!.output;
		const sum = graph.layers.find(({ name }) => name === "cell.node2.sum")!;
		expect(sum.inputs).toEqual([output("cell.projection.norm"), output("cell.node1.norm")]);
		expect(graph.layers.find(({ name }) => name === "cell.node1.relu")!.inputs).toEqual([graph.input]);
		expect(graph.layers.find(({ name }) => name === "cell.sum")!.inputs[0]).toBe(
			output("cell.projection.norm"),
		);
	});

	it("is not needed where neither channels nor stride change", () => {
		const cell = createCell(
			[conv],
			[
				[0, 1],
				[1, 2],
				[0, 2],
			],
		);
		expect(projected(lowerCell(cell, { input: squareMap(8, 32), channels: 8, stride: 1 }))).toBe(false);
		expect(projected(lowerCell(cell, { input: squareMap(8, 32), channels: 8, stride: 2 }))).toBe(true);
	});
});
