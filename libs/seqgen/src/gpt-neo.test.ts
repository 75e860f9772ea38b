import { createRandom } from "@archgen/random";
import {
	buildModel,
	createInlineRuntime,
	f32,
	i64,
	initialize,
	type LoadedModel,
	type TensorValue,
	type TensorValues,
} from "@archgen/tensor-graph";
import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_GPT_NEO, type GptNeoConfig } from "./gpt-neo-config.js";
import { gptNeoParameters, servedModel, trainingGraph } from "./gpt-neo-graphs.js";
import { Vocabulary } from "./vocabulary.js";

const LENGTH = 9;
const config: GptNeoConfig = {
	vocabularySize: 23,
	maxPositions: 16,
	hidden: 12,
	layers: 3,
	heads: 3,
	window: 4,
};
const specs = gptNeoParameters(config);
// Larger than at the start of training and without zeros or ones, so that every parameter matters.
const parameters = new Map(
	[...initialize(specs, createRandom(5))].map(([name, data]) => {
		const random = createRandom(6).fork(name);
		return [name, data.map((x) => x + 0.25 * random.normal())];
	}),
);
const tokens = [3, 1, 4, 1, 5, 9, 2, 6, 22];
const runtime = createInlineRuntime();

let full: LoadedModel;
let served: LoadedModel;

beforeAll(async () => {
	const graph = trainingGraph(config, 1, LENGTH);
	full = await runtime.load(buildModel({ outputs: { logits: graph.logits } }));
	served = await runtime.load(servedModel(config, parameters));
});

async function fullLogits(ids: readonly number[]): Promise<Float32Array> {
	const values = Object.fromEntries(
		specs.map(({ name, shape }) => [name, f32(parameters.get(name)!, shape)]),
	);
	const { logits } = await full.run({ ...values, tokens: i64(ids, [1, LENGTH]) });
	return logits!.data as Float32Array;
}

function emptyCache(batch: number): Record<string, TensorValue> {
	const shape = [batch, config.heads, 0, config.hidden / config.heads];
	const layers = Array.from({ length: config.layers }, (_, layer) => layer);
	const names = layers.flatMap((layer) => [`past_key_values.${layer}.key`, `past_key_values.${layer}.value`]);
	return Object.fromEntries(names.map((name) => [name, f32([], shape)]));
}

function cacheFrom(outputs: TensorValues): Record<string, TensorValue> {
	const present = Object.entries(outputs).filter(([name]) => name.startsWith("present"));
	return Object.fromEntries(
		present.map(([name, value]) => [name.replace("present", "past_key_values"), value]),
	);
}

function close(actual: Float32Array, expected: Float32Array): void {
	expect(actual.length).toBe(expected.length);
	for (let i = 0; i < actual.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(2e-4);
}

describe("GPT-Neo", () => {
	it("gives the same logits token by token with the cache as for the whole sequence", async () => {
		const whole = await fullLogits(tokens);
		let cache = emptyCache(1);
		for (const [position, token] of tokens.entries()) {
			const outputs = await served.run({
				input_ids: i64([token], [1, 1]),
				position_ids: i64([position], [1, 1]),
				attention_mask: i64(new Array(position + 1).fill(1), [1, position + 1]),
				...cache,
			});
			const expected = whole.subarray(
				position * config.vocabularySize,
				(position + 1) * config.vocabularySize,
			);
			close(outputs.logits!.data as Float32Array, expected);
			cache = cacheFrom(outputs);
		}
	});

	it("ignores padding on the left of a batch", async () => {
		const whole = await fullLogits(tokens);
		const { logits } = await served.run({
			input_ids: i64([0, 0, ...tokens], [1, 11]),
			position_ids: i64([1, 1, ...tokens.keys()], [1, 11]),
			attention_mask: i64([0, 0, ...tokens.map(() => 1)], [1, 11]),
			...emptyCache(1),
		});
		close((logits!.data as Float32Array).subarray(2 * config.vocabularySize), whole);
	});

	it("is causal: a changed token changes its own logits and later ones, never earlier ones", async () => {
		const before = await fullLogits(tokens);
		const after = await fullLogits([...tokens.slice(0, 5), 7, ...tokens.slice(6)]);
		const rows = (logits: Float32Array, from: number, to: number) =>
			logits.slice(from * config.vocabularySize, to * config.vocabularySize);
		expect(rows(after, 0, 5)).toEqual(rows(before, 0, 5));
		for (let row = 5; row < LENGTH; row++)
			expect(rows(after, row, row + 1)).not.toEqual(rows(before, row, row + 1));
	});

	it("lets local layers see the window and no further", async () => {
		// In the second layer (local) of a model whose first layer attends to nothing but itself, row i depends on i−3 … i.
		const still = new Map(parameters);
		still.set("transformer.h.0.attn.attention.out_proj.weight", new Float32Array(config.hidden ** 2));
		const model = await runtime.load(servedModel({ ...config, layers: 2 }, still));
		const logits = async (ids: readonly number[]) => {
			const { logits } = await model.run({
				input_ids: i64(ids, [1, LENGTH]),
				position_ids: i64([...ids.keys()], [1, LENGTH]),
				attention_mask: i64(
					ids.map(() => 1),
					[1, LENGTH],
				),
				...Object.fromEntries(Object.entries(emptyCache(1)).slice(0, 4)),
			});
			return (row: number) => (logits!.data as Float32Array).slice(row * 23, (row + 1) * 23);
		};
		const [before, after] = [await logits(tokens), await logits([3, 1, 8, ...tokens.slice(3)])];
		for (const row of [2, 3, 4, 5]) expect(after(row)).not.toEqual(before(row));
		for (const row of [0, 1, 6, 7, 8]) expect(after(row)).toEqual(before(row));
		await model.release();
	});

	it("has about two million parameters by default, under 10 MB", () => {
		const specs = gptNeoParameters({ ...DEFAULT_GPT_NEO, vocabularySize: new Vocabulary().size });
		const count = specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
		expect(count).toBeGreaterThan(1.5e6);
		expect(4 * count).toBeLessThan(10e6);
	});
});
