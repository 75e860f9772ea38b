import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertMacroSequence, networkOf } from "@archgen/design";
import { createRandom } from "@archgen/random";
import { countNetwork } from "@archgen/search-space";
import { initialize } from "@archgen/tensor-graph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cellTable } from "../test/arbitraries.js";
import { exceeded } from "./budget.js";
import { createBudgetOracle } from "./budget-oracle.js";
import type { GptNeoConfig } from "./gpt-neo-config.js";
import { gptNeoParameters } from "./gpt-neo-graphs.js";
import { writeModelFolder } from "./model-folder.js";
import { GptNeoGenerator } from "./sequence-generator.js";
import { DEFAULT_VOCABULARY, Vocabulary } from "./vocabulary.js";

const vocabulary = new Vocabulary({ ...DEFAULT_VOCABULARY, clusters: 6, maxStages: 6 });
const model: GptNeoConfig = {
	vocabularySize: vocabulary.size,
	maxPositions: 40,
	hidden: 16,
	layers: 2,
	heads: 2,
	window: 256,
};
const task = { classes: 100, inputSize: 64 };
const cells = cellTable(6);
const oracle = createBudgetOracle({ ...task, cells, maxStages: 6 });

let folder: string;
let generator: GptNeoGenerator;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "seqgen-random-"));
	const parameters = initialize(gptNeoParameters(model), createRandom(2));
	await writeModelFolder(folder, { vocabulary, model, parameters });
	generator = await GptNeoGenerator.load(folder);
});
afterAll(async () => {
	await generator.close();
	await rm(folder, { recursive: true });
});

describe("sequence generator with random weights", () => {
	it("generates well-formed sequences, all inside the budget", async () => {
		const bounds = { maxFlopCount: 60e6, maxParameterCount: 400e3 };
		const sequences = await generator.generate({
			condition: { ...task, flopCount: 60e6 },
			count: 40,
			budget: { bounds, oracle },
			temperature: 1,
			random: createRandom(3),
		});
		expect(sequences).toHaveLength(40);
		for (const sequence of sequences) {
			assertMacroSequence(sequence, vocabulary.config);
			const chosen = sequence.stages.map(({ cluster }) => cells[cluster]!);
			expect(
				exceeded(
					bounds,
					countNetwork(networkOf(sequence, chosen, { size: task.inputSize, classes: task.classes })),
				),
			).toEqual([]);
		}
		expect(new Set(sequences.map((sequence) => JSON.stringify(sequence))).size).toBeGreaterThan(30);
	});

	it("gives the same sequence for a seed, whatever the size of the batch", async () => {
		const request = { condition: { flopCount: 1e8 }, temperature: 1 };
		const five = await generator.generate({ ...request, count: 5, random: createRandom(9) });
		const two = await generator.generate({ ...request, count: 2, random: createRandom(9) });
		const other = await generator.generate({ ...request, count: 2, random: createRandom(10) });
		expect(five.slice(0, 2)).toEqual(two);
		expect(other).not.toEqual(two);
	});

	it("gives requests that are decoded together what each gets alone, whatever their budgets", async () => {
		const bounds = [undefined, { maxFlopCount: 60e6 }, { maxParameterCount: 200e3 }, { minFlopCount: 80e6 }];
		const request = (index: number, signal?: AbortSignal) =>
			generator.generate({
				condition: { ...task, flopCount: 10 ** (7 + index / 4) },
				count: 1 + index,
				...(bounds[index] && { budget: { bounds: bounds[index], oracle } }),
				...(index === 3 ? {} : { temperature: 1, random: createRandom(index) }),
				signal,
			});
		const alone: unknown[] = [];
		for (const index of bounds.keys()) alone.push(await request(index));
		const impatient = new AbortController();
		const together = [0, 1, 2, 3].map((index) => request(index));
		const dropped = request(2, impatient.signal);
		impatient.abort();
		await expect(dropped).rejects.toMatchObject({ category: "CANCELLED" });
		expect(await Promise.all(together)).toEqual(alone);
	});

	it("decodes greedily by default", async () => {
		const [first, second] = await generator.generate({ condition: {}, count: 2 });
		expect(second).toEqual(first);
	});

	it("stops when cancelled and refuses bad requests", async () => {
		const signal = AbortSignal.abort();
		await expect(generator.generate({ condition: {}, signal })).rejects.toMatchObject({
			category: "CANCELLED",
		});
		await expect(generator.generate({ condition: {}, count: 0 })).rejects.toThrow(/count/);
		await expect(generator.generate({ condition: {}, temperature: -1 })).rejects.toThrow(/temperature/);
		await expect(generator.generate({ condition: {}, temperature: 1 })).rejects.toThrow(/random/);
		const budget = { bounds: { maxParameterCount: 10 }, oracle };
		await expect(generator.generate({ condition: {}, budget })).rejects.toMatchObject({
			reason: "BUDGET_BELOW_SMALLEST_NETWORK",
		});
	});
});

describe("loading", () => {
	it("names a folder that holds no model", async () => {
		const empty = await mkdtemp(join(tmpdir(), "seqgen-empty-"));
		const unreadable = { reason: "SEQUENCE_MODEL_UNREADABLE" };
		await expect(GptNeoGenerator.load(empty)).rejects.toMatchObject(unreadable);
		await writeFile(join(empty, "config.json"), '{"model_type":"gpt_neo"}');
		await expect(GptNeoGenerator.load(empty)).rejects.toMatchObject(unreadable);
		await rm(empty, { recursive: true });
	});
});
