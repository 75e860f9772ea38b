import { createRandom } from "@archgen/random";
import { describe, expect, it } from "vitest";
import { examplesFromHistory, type HistoryEntry, splitExamples } from "./examples.js";
import { dropConditions, trainingBatch, weightedDraw } from "./training-batch.js";
import { Vocabulary } from "./vocabulary.js";

const entry = (channels: number, score: number): HistoryEntry => ({
	design: { stages: [{ cluster: 1, channels, stride: 1, repeats: 1 }], finalChannels: 64 },
	counts: { parameterCount: 1000 * channels, flopCount: 1e6 * channels },
	score,
	naswot: 700,
	snipSsnr: Number.NaN,
});
const task = { classes: 10, inputSize: 32 };

describe("examples from a history", () => {
	it("keep the better part, weigh it by rank, and drop doubles and failures", () => {
		const history = [
			entry(8, 1),
			entry(16, 4),
			entry(24, 2),
			entry(16, 3),
			entry(32, 5),
			entry(40, Number.NaN),
		];
		const examples = examplesFromHistory(history, task);
		expect(examples.map(({ sequence }) => sequence.stages[0]!.channels)).toEqual([32, 16]);
		expect(examples.map(({ weight }) => weight)).toEqual([1.5, 0.5]);
		expect(examples[0]!.condition).toEqual({ ...task, parameterCount: 32000, flopCount: 32e6, naswot: 700 });
	});

	it("split into disjoint parts that are never empty", () => {
		const examples = examplesFromHistory(
			Array.from({ length: 20 }, (_, i) => entry(8 * (i + 1), i)),
			task,
			1,
		);
		const { training, validation } = splitExamples(examples, 0.1, createRandom(0));
		expect([training.length, validation.length]).toEqual([18, 2]);
		expect(new Set([...training, ...validation]).size).toBe(20);
		expect(splitExamples(examples.slice(0, 2), 0, createRandom(0)).validation).toHaveLength(1);
	});

	it("are drawn in proportion to their weights", () => {
		const examples = examplesFromHistory([entry(8, 1), entry(16, 2)], task, 1);
		const drawn = weightedDraw(examples, 4000, createRandom(4));
		expect(drawn.filter((example) => example === examples[0]).length / 4000).toBeCloseTo(0.75, 1);
	});
});

describe("training batch", () => {
	it("learns the sequence and not the prompt, each label being the next token", () => {
		const vocabulary = new Vocabulary();
		const [example] = examplesFromHistory([entry(8, 1)], task, 1);
		const { tokens, labels, weights } = trainingBatch(vocabulary, [example!], { rows: 2, length: 17 });
		const learnt = [...(weights.data as Float32Array)]
			.map((weight, at) => (weight === 1 ? at : -1))
			.filter((at) => at >= 0);
		const first = vocabulary.promptLength - 1;
		expect(learnt).toEqual(Array.from({ length: 6 }, (_, i) => first + i));
		for (const at of learnt) expect(labels.data[at]).toBe(tokens.data[at + 1]);
		expect(vocabulary.at(Number(labels.data[first + 5])).kind).toBe("end");
	});

	it("drops each field about as often as asked", () => {
		const random = createRandom(8);
		const kept = Array.from({ length: 2000 }, () => Object.keys(dropConditions(task, 0.25, random)));
		expect(kept.filter((fields) => fields.includes("classes")).length / 2000).toBeCloseTo(0.75, 1);
		expect(dropConditions(task, 1, random)).toEqual({});
	});
});
