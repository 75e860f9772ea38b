import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import { SessionPool } from "@archgen/tensor-graph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomWalk } from "../test/arbitraries.js";
import { loadSequenceCheckpoint, saveSequenceCheckpoint } from "./checkpoint.js";
import { parsePartial } from "./codec.js";
import type { SequenceExample } from "./examples.js";
import { toMacroSequence } from "./grammar.js";
import { writeModelFolder } from "./model-folder.js";
import { readPretrained } from "./pretrained.js";
import { GptNeoGenerator } from "./sequence-generator.js";
import { type SequenceCheckpoint, trainSequenceGenerator } from "./train.js";
import { DEFAULT_SEQUENCE_TRAINING, type SequenceTrainingConfig } from "./training-config.js";
import { DEFAULT_VOCABULARY, Vocabulary } from "./vocabulary.js";

const flat = { low: 1, high: 1e12, bins: 2 };
const scales = {
	classes: DEFAULT_VOCABULARY.scales.classes,
	inputSize: flat,
	parameterCount: flat,
	flopCount: flat,
	naswot: flat,
	snipSsnr: flat,
};

const config: SequenceTrainingConfig = {
	...DEFAULT_SEQUENCE_TRAINING,
	vocabulary: { clusters: 8, maxStages: 3, scales },
	model: { maxPositions: 32, hidden: 32, layers: 2, heads: 4, window: 256 },
	steps: 160,
	batch: 20,
	learningRate: 1e-2,
	warmupSteps: 20,
	weightDecay: 0,
	dropProbability: 0,
	validationFraction: 0,
	validateEvery: 160,
	patience: 0,
};
const vocabulary = new Vocabulary(config.vocabulary);

/** Twenty sequences that the number of classes tells apart, and one more to validate on. */
const examples: SequenceExample[] = Array.from({ length: 21 }, (_, i) => ({
	condition: { classes: 2.5 * 1.6 ** i, flopCount: 1e8 },
	sequence: toMacroSequence(parsePartial(vocabulary, randomWalk(vocabulary, null, createRandom(i)))),
	weight: 1,
}));

let pool: SessionPool;
let folder: string;
beforeAll(async () => {
	pool = SessionPool.create({ threadsPerWorker: 1 });
	folder = await mkdtemp(join(tmpdir(), "seqgen-train-"));
});
afterAll(async () => {
	await pool.close();
	await rm(folder, { recursive: true });
});

describe("training", () => {
	it("learns twenty sequences by heart and writes them again through transformers", async () => {
		const losses: number[] = [];
		const trained = await trainSequenceGenerator(pool, examples, config, {
			onProgress: (_, __, metrics) => losses.push(metrics.loss!),
		});
		expect(losses[0]).toBeGreaterThan(4);
		expect(losses.at(-1)).toBeLessThan(0.1);
		await writeModelFolder(folder, trained);
		const generator = await GptNeoGenerator.load(folder, { threads: 1 });
		let right = 0;
		for (const { condition, sequence } of examples) {
			const [generated] = await generator.generate({ condition });
			if (JSON.stringify(generated) === JSON.stringify(sequence)) right++;
		}
		expect(right).toBe(20);
		await generator.close();
	});

	it("continues from a checkpoint as if it had never stopped", async () => {
		const short = { ...config, steps: 8, validateEvery: 4, dropProbability: 0.5 };
		const saved: SequenceCheckpoint[] = [];
		const whole = await trainSequenceGenerator(pool, examples, short, {
			checkpoint: async (state) => void saved.push(state),
		});
		const path = join(folder, "checkpoint.safetensors");
		await saveSequenceCheckpoint(path, saved[0]!);
		const resume = await loadSequenceCheckpoint(path);
		expect(resume.trainer.step).toBe(4);
		const resumed = await trainSequenceGenerator(pool, examples, short, { resume });
		expect(resumed.validationLoss).toBe(whole.validationLoss);
		expect(resumed.parameters.get("transformer.wte.weight")).toEqual(
			whole.parameters.get("transformer.wte.weight"),
		);
	});

	it("stops early when validation no longer improves and keeps the best parameters", async () => {
		const hopeless = { ...config, steps: 200, validateEvery: 5, patience: 2, validationFraction: 0.5 };
		const trained = await trainSequenceGenerator(pool, examples, hopeless);
		expect(trained.steps).toBeLessThan(200);
		expect(trained.steps).toBe(trained.step + 10);
	});

	it("starts from the weights of a local Hugging Face folder", async () => {
		const pretrained = await readPretrained(folder);
		const first: number[] = [];
		const onProgress = (_: number, __: number, metrics: Readonly<Record<string, number>>) =>
			first.push(metrics.loss!);
		await trainSequenceGenerator(pool, examples, { ...config, steps: 1 }, { pretrained, onProgress });
		expect(first[0]).toBeLessThan(0.2);
	});

	it("refuses what cannot be trained and stops when cancelled", async () => {
		await expect(trainSequenceGenerator(pool, examples.slice(0, 1), config)).rejects.toThrow(/two/);
		const short = { ...config, model: { ...config.model, maxPositions: 10 } };
		await expect(trainSequenceGenerator(pool, examples, short)).rejects.toThrow(/maxPositions/);
		const signal = AbortSignal.abort();
		await expect(trainSequenceGenerator(pool, examples, config, { signal })).rejects.toMatchObject({
			category: "CANCELLED",
		});
	});
});
