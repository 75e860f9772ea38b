import { createRandom } from "@archgen/random";
import { buildModel, f32, type LoadedModel, type SessionPool, type TensorValue } from "@archgen/tensor-graph";
import type { SequenceExample } from "./examples.js";
import type { GptNeoConfig } from "./gpt-neo-config.js";
import { type TrainingGraph, trainingGraph } from "./gpt-neo-graphs.js";
import type { SequenceModel } from "./model-folder.js";
import { dropConditions, longestExample, type TrainingBatch, trainingBatch } from "./training-batch.js";
import type { Vocabulary } from "./vocabulary.js";

const ROWS = 32;

/** Mean cross-entropy a token of a model on examples, in nats; dropped conditions are drawn once, the same for every model. */
export async function sequenceLoss(
	pool: SessionPool,
	{ vocabulary, model, parameters }: SequenceModel,
	examples: readonly SequenceExample[],
	{
		dropProbability,
		signal,
	}: { readonly dropProbability: number; readonly signal?: AbortSignal | undefined },
): Promise<number> {
	const options = { rows: ROWS, length: longestExample(vocabulary, examples), dropProbability };
	const judge = await Validation.create(pool, model, vocabulary, examples, options);
	return judge.loss(parameters, signal).finally(() => judge.release());
}

/** Mean loss over held-out sequences, whose dropped conditions are drawn once so that losses can be compared. */
export class Validation {
	private constructor(
		private readonly model: LoadedModel,
		private readonly graph: TrainingGraph,
		private readonly batches: readonly TrainingBatch[],
	) {}

	static async create(
		pool: SessionPool,
		model: GptNeoConfig,
		vocabulary: Vocabulary,
		examples: readonly SequenceExample[],
		options: { readonly rows: number; readonly length: number; readonly dropProbability: number },
	): Promise<Validation> {
		const random = createRandom(0);
		const masked = examples.map((example, index) => ({
			...example,
			condition: dropConditions(example.condition, options.dropProbability, random.fork(index)),
		}));
		const rows = Math.min(options.rows, examples.length);
		const batches = Array.from({ length: Math.ceil(masked.length / rows) }, (_, batch) =>
			trainingBatch(vocabulary, masked.slice(batch * rows, (batch + 1) * rows), { ...options, rows }),
		);
		const graph = trainingGraph(model, rows, options.length);
		const loaded = await pool.load(buildModel({ outputs: { loss: graph.loss }, name: "validation" }));
		return new Validation(loaded, graph, batches);
	}

	/** Mean cross-entropy a token in nats. */
	async loss(parameters: ReadonlyMap<string, Float32Array>, signal?: AbortSignal): Promise<number> {
		const values: Record<string, TensorValue> = {};
		for (const { name, shape } of this.graph.parameters.specs())
			values[name] = f32(parameters.get(name)!, shape);
		let [sum, tokens] = [0, 0];
		for (const batch of this.batches) {
			const { loss } = await this.model.run({ ...values, ...batch }, { signal });
			const count = (batch.weights.data as Float32Array).reduce((total, weight) => total + weight, 0);
			sum += Number(loss!.data[0]) * count;
			tokens += count;
		}
		return sum / tokens;
	}

	release(): Promise<void> {
		return this.model.release();
	}
}
