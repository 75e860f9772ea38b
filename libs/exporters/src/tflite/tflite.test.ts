import { createRandom, fillNormal, fillUniform, type Random } from "@archgen/random";
import {
	countLayers,
	deployedGraph,
	initializeParameters,
	LayerBuilder,
	type LayerGraph,
	lowerNetwork,
	peakElements,
	SEARCH_SPACES,
	type SearchSpace,
	SPACE_NAMES,
	TASK_NAMES,
	TASKS,
} from "@archgen/search-space";
import { f32, SessionPool } from "@archgen/tensor-graph";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { arbitraryTaskNetwork, randomNetwork } from "../../testing/random-network.js";
import { interpretTflite } from "../../testing/tflite-interpreter.js";
import { livelyParameters } from "../lively-parameters.js";
import { layersToOnnx } from "../onnx/onnx.js";
import { countTflite } from "./count-tflite.js";
import { fuseLayers } from "./fuse-layers.js";
import { readModel } from "./read-model.js";
import { layersToTflite, networkToTflite } from "./tflite.js";
import type { TfliteModel } from "./tflite-model.js";

const network = randomNetwork(11);

/** [channels, places] as [places, channels]. */
function channelsBehind(values: ArrayLike<number>, channels: number): Float32Array {
	const places = values.length / channels;
	return Float32Array.from(
		{ length: values.length },
		(_, i) => values[(i % channels) * places + Math.floor(i / channels)]!,
	);
}

/** Numbers in the largest set of tensors that are alive at once while the operators run in the file's order. */
function peakOfFile({ tensors, operators, input, output }: TfliteModel): number {
	const size = (id: number) => tensors[id]!.shape.reduce((product, side) => product * side, 1);
	const made = [input, ...operators.map((operator) => operator.output)];
	const end = (id: number) =>
		id === output ? operators.length : operators.findLastIndex(({ inputs }) => inputs.includes(id));
	const lives = made.map((id, i) => ({ id, from: i - 1, to: Math.max(end(id), i - 1) }));
	const alive = operators.map((_, now) => lives.filter(({ from, to }) => from <= now && now <= to));
	return Math.max(...alive.map((set) => set.reduce((sum, { id }) => sum + size(id), 0)));
}

/** Lively parameters and running statistics of the size that training leaves. */
function trainedParameters(graph: LayerGraph, random: Random): Map<string, Float32Array> {
	const values = livelyParameters(graph, random);
	for (const layer of graph.layers) {
		if (layer.kind !== "batch_norm") continue;
		for (const [field, from, to] of [
			["running_mean", -0.5, 0.5] as const,
			["running_var", 0.5, 2] as const,
		]) {
			const name = `${layer.name}.${field}`;
			values.set(name, fillUniform(random.fork(name), new Float32Array(layer.channels), from, to));
		}
	}
	return values;
}

describe("networkToTflite", () => {
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	afterAll(() => pool.close());

	/** Largest deviation of the file's answer from that of ONNX Runtime to the ONNX file, by the largest output. */
	async function deviation(graph: LayerGraph, seed: number): Promise<number> {
		const parameters = trainedParameters(graph, createRandom(seed));
		const { channels, height, width } = graph.values[graph.input]!;
		const image = fillNormal(createRandom(seed), new Float32Array(channels * height * width));
		const loaded = await pool.load(layersToOnnx(graph, { parameters }));
		const [expected] = Object.values(await loaded.run({ images: f32(image, [1, channels, height, width]) }));
		await loaded.release();
		const file = readModel(layersToTflite(graph, { parameters }));
		const found = interpretTflite(file, channelsBehind(image, channels));
		const wanted = channelsBehind(expected!.data as Float32Array, graph.values[graph.output]!.channels);
		expect(found.data).toHaveLength(wanted.length);
		const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
		return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found.data[i]!)), 0) / largest;
	}

	it("answers as the ONNX file does, for every task and any images", async () => {
		const agrees = fc.asyncProperty(arbitraryTaskNetwork, fc.nat(1000), async (any, seed) => {
			expect(await deviation(lowerNetwork(any), seed)).toBeLessThan(1e-4);
		});
		await fc.assert(agrees, { numRuns: 8 });
	}, 120_000);

	it.each(SPACE_NAMES)("answers as the ONNX file does for an architecture of %s", async (name) => {
		const space = SEARCH_SPACES[name] as SearchSpace<unknown>;
		const graph = space.lower(space.random(createRandom(4)), { size: 16, classes: 5 });
		expect(await deviation(graph, 1)).toBeLessThan(1e-4);
	}, 120_000);

	it("answers as the ONNX file does for groups, dilation and strides that no space combines", async () => {
		const builder = new LayerBuilder();
		const image = builder.input({ channels: 8, height: 12, width: 9 });
		const grouped = builder.conv("grouped", image, { outChannels: 12, kernel: 3, groups: 4 });
		const widened = { outChannels: 24, kernel: 3, groups: 12, dilation: 2 };
		const wide = builder.relu("relu", builder.batchNorm("norm", builder.conv("wide", grouped, widened)));
		const strided = { outChannels: 12, kernel: 5, stride: 2, groups: 2, bias: true };
		const pooled = builder.averagePool("pool", builder.conv("strided", wide, strided), 3, 2);
		const features = builder.globalAveragePool("mean", pooled);
		const graph = builder.build(image, builder.linear("classifier", features, 10));
		expect(await deviation(graph, 2)).toBeLessThan(1e-4);
	});

	it.each(TASK_NAMES)("names the input and the output of %s", (task) => {
		const { task: _, ...plain } = network;
		const classes = task === "features" ? 0 : 3;
		const input = { size: 16, width: 52, channels: 2 };
		const other = { ...plain, input, classes, ...(task !== "classification" && { task }) };
		const { tensors, input: read, output } = readModel(networkToTflite(other));
		const graph = lowerNetwork(other);
		const { channels, height, width } = graph.values[graph.output]!;
		const places = TASKS[task].head === "pooled" ? [] : [height, width];
		expect(tensors[read]).toEqual({ name: "images", shape: [1, 16, 52, 2] });
		expect(tensors[output]).toEqual({ name: TASKS[task].output, shape: [1, ...places, channels] });
	});

	it("draws the weights from the seed, the same as ONNX", () => {
		const parameters = initializeParameters(lowerNetwork(network), createRandom(7));
		expect(networkToTflite(network, { seed: 7 })).toEqual(networkToTflite(network, { parameters }));
		expect(networkToTflite(network, { seed: 7 })).not.toEqual(networkToTflite(network, { seed: 8 }));
		const { tensors } = readModel(networkToTflite(network, { seed: 7 }));
		const classifier = tensors.find(({ name }) => name === "head.classifier.weight")!;
		expect(classifier.data).toEqual(parameters.get("head.classifier.weight"));
	});

	it("names the parameter that is missing", () => {
		const parameters = initializeParameters(lowerNetwork(network), createRandom(7));
		parameters.delete("stem.conv.weight");
		expect(() => networkToTflite(network, { parameters })).toThrow(/stem\.conv\.weight/);
	});

	it("leaves depthwise convolutions depthwise and no batch normalisation behind a convolution", () => {
		const folds = fc.property(arbitraryTaskNetwork, (any) => {
			const graph = lowerNetwork(any);
			const { operators } = readModel(networkToTflite(any));
			const count = (name: string) => operators.filter(({ operator }) => operator === name).length;
			const depthwise = graph.layers.filter((layer) => layer.kind === "conv" && layer.groups > 1);
			expect(count("DEPTHWISE_CONV_2D")).toBe(depthwise.length);
			const left = fuseLayers(graph).filter(({ layer }) => layer.kind === "batch_norm");
			const behind = new Map(graph.layers.map((layer) => [layer.output, layer.kind]));
			for (const { layer } of left) expect(behind.get(layer.inputs[0]!)).not.toBe("conv");
		});
		fc.assert(folds, { numRuns: 20 });
	});
});

describe("countTflite", () => {
	/** Of a folded batch normalisation one number a channel is left, as the bias; of any other two. */
	function storedParameters(graph: LayerGraph): number {
		const folded = fuseLayers(graph).reduce((total, { layer, norm }) => {
			if (norm === null)
				return layer.kind === "batch_norm" && !layer.affine ? total - 2 * layer.channels : total;
			const biased = layer.kind === "linear" || (layer.kind === "conv" && layer.bias);
			return total + (norm.affine ? 2 : 0) * norm.channels - (biased ? 0 : norm.channels);
		}, 0);
		return countLayers(graph).parameterCount - folded;
	}

	it("agrees with countLayers for every task and any images", () => {
		const agrees = fc.property(arbitraryTaskNetwork, (any) => {
			const graph = lowerNetwork(any);
			const { macCount, layerCount } = countLayers(graph);
			expect(countTflite(networkToTflite(any))).toEqual({
				macCount,
				layerCount,
				parameterCount: storedParameters(graph),
			});
		});
		fc.assert(agrees, { numRuns: 25 });
	});

	it("needs the memory for maps that the schedule of deployed networks says", () => {
		const needs = fc.property(arbitraryTaskNetwork, (any) => {
			const graph = lowerNetwork(any);
			expect(peakOfFile(readModel(layersToTflite(graph)))).toBe(peakElements(deployedGraph(graph)));
		});
		fc.assert(needs, { numRuns: 30 });
		for (const name of SPACE_NAMES) {
			const space = SEARCH_SPACES[name] as SearchSpace<unknown>;
			const graph = space.lower(space.random(createRandom(4)), { size: 16, classes: 5 });
			expect(peakOfFile(readModel(layersToTflite(graph)))).toBe(peakElements(deployedGraph(graph)));
		}
	});
});
