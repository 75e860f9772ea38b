import { createRandom, fillNormal } from "@archgen/random";
import { initializeParameters, lowerNetwork, parameterSpecs, TASK_NAMES, TASKS } from "@archgen/search-space";
import { f32, ModelProto, SessionPool } from "@archgen/tensor-graph";
import { afterAll, describe, expect, it } from "vitest";
import { randomNetwork } from "../../testing/random-network.js";
import { networkToOnnx } from "./onnx.js";

describe("networkToOnnx", () => {
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	afterAll(() => pool.close());

	const network = randomNetwork(11);
	const { size } = network.input;
	const images = fillNormal(createRandom(1), new Float32Array(3 * 3 * size * size));

	async function logits(model: Uint8Array, count: number): Promise<Float32Array> {
		const loaded = await pool.load(model);
		const feed = f32(images.slice(0, count * 3 * size * size), [count, 3, size, size]);
		const result = (await loaded.run({ images: feed })).logits!;
		expect(result.shape).toEqual([count, network.classes]);
		return result.data as Float32Array;
	}

	it("takes any batch, and images do not influence each other", async () => {
		const model = networkToOnnx(network);
		const [one, three] = [await logits(model, 1), await logits(model, 3)];
		one.forEach((value, i) => {
			expect(value).toBeCloseTo(three[i]!, 5);
		});
	});

	it.each(
		TASK_NAMES,
	)("gives the output of %s under its name, in the shape of the layer list", async (task) => {
		const { task: _, ...plain } = network;
		const input = { size: 16, width: 52, channels: 2 };
		const classes = task === "features" ? 0 : 3;
		const other = { ...plain, input, classes, ...(task !== "classification" && { task }) };
		const graph = lowerNetwork(other);
		const { channels, height, width } = graph.values[graph.output]!;
		const loaded = await pool.load(networkToOnnx(other));
		const outputs = await loaded.run({ images: f32(images.slice(0, 2 * 16 * 52), [1, 2, 16, 52]) });
		expect(Object.keys(outputs)).toEqual([TASKS[task].output]);
		const places = TASKS[task].head === "pooled" ? [] : [height, width];
		expect(outputs[TASKS[task].output]!.shape).toEqual([1, channels, ...places]);
	});

	it("draws the weights from the seed", async () => {
		const parameters = initializeParameters(lowerNetwork(network), createRandom(7));
		expect(networkToOnnx(network, { seed: 7 })).toEqual(networkToOnnx(network, { parameters }));
		expect(networkToOnnx(network, { seed: 7 })).not.toEqual(networkToOnnx(network, { seed: 8 }));
	});

	it("names initialisers and nodes as the layer list does", () => {
		const graph = lowerNetwork(network);
		const file = ModelProto.decode(networkToOnnx(network)).graph!;
		const trainable = file.initializer
			.map(({ name }) => name)
			.filter((name) => /\.(weight|bias)$/.test(name));
		expect(trainable.sort()).toEqual(
			parameterSpecs(graph)
				.map(({ name }) => name)
				.sort(),
		);
		const nodes = new Set(file.node.map(({ name }) => name));
		expect(graph.layers.filter(({ name }) => !nodes.has(name))).toEqual([]);
	});

	it("names the parameter that is missing", () => {
		const parameters = initializeParameters(lowerNetwork(network), createRandom(7));
		parameters.delete("stem.conv.weight");
		expect(() => networkToOnnx(network, { parameters })).toThrow(/stem\.conv\.weight/);
	});
});
