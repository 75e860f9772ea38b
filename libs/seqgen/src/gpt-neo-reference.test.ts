import { readFile } from "node:fs/promises";
import { buildModel, createInlineRuntime, f32, i64 } from "@archgen/tensor-graph";
import { describe, expect, it } from "vitest";
import { trainingGraph } from "./gpt-neo-graphs.js";

interface Recorded {
	readonly config: Readonly<
		Record<
			| "vocab_size"
			| "max_position_embeddings"
			| "hidden_size"
			| "num_layers"
			| "num_heads"
			| "intermediate_size"
			| "window_size",
			number
		>
	>;
	readonly weights: Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>;
	readonly inputIds: { readonly shape: [number, number]; readonly data: number[] };
	readonly logits: { readonly data: number[] };
}

const recorded: Recorded = JSON.parse(
	await readFile(new URL("../fixtures/gpt-neo-tiny.json", import.meta.url), "utf8"),
);

describe("GPT-Neo against Hugging Face's PyTorch model", () => {
	it("has its parameter names and shapes, and its logits", async () => {
		const { config, weights, inputIds, logits } = recorded;
		const graph = trainingGraph(
			{
				vocabularySize: config.vocab_size,
				maxPositions: config.max_position_embeddings,
				hidden: config.hidden_size,
				intermediate: config.intermediate_size,
				layers: config.num_layers,
				heads: config.num_heads,
				window: config.window_size,
			},
			...inputIds.shape,
		);
		const shapes = Object.fromEntries(graph.parameters.specs().map(({ name, shape }) => [name, shape]));
		expect(shapes).toEqual(
			Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape])),
		);
		const model = await createInlineRuntime().load(buildModel({ outputs: { logits: graph.logits } }));
		const values = Object.entries(weights).map(([name, { data, shape }]) => [name, f32(data, shape)]);
		const output = await model.run({
			...Object.fromEntries(values),
			tokens: i64(inputIds.data, inputIds.shape),
		});
		const errors = logits.data.map((expected, i) => Math.abs(expected - Number(output.logits!.data[i])));
		expect(Math.max(...errors)).toBeLessThan(1e-4);
	});
});
