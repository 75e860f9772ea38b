import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import { initialize, SessionPool } from "@archgen/tensor-graph";
import { AutoTokenizer } from "@huggingface/transformers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomWalk } from "../test/arbitraries.js";
import {
	ENCODINGS,
	SIZES,
	safetensors,
	textConfig,
	textTokenizer,
	textWeights,
	WORDS,
	writeFolder,
} from "../test/text-model.js";
import { parsePartial } from "./codec.js";
import { readGptNeoConfig } from "./gpt-neo-folder.js";
import { gptNeoParameters } from "./gpt-neo-graphs.js";
import { toMacroSequence } from "./grammar.js";
import { extendVocabulary, readVocabulary, writeModelFolder } from "./model-folder.js";
import { readPretrained } from "./pretrained.js";
import { GptNeoGenerator } from "./sequence-generator.js";
import { type TrainedSequenceGenerator, trainSequenceGenerator } from "./train.js";
import { DEFAULT_SEQUENCE_TRAINING } from "./training-config.js";
import { DEFAULT_VOCABULARY, Vocabulary } from "./vocabulary.js";

const OWN = { ...DEFAULT_VOCABULARY, clusters: 4, maxStages: 4 };

let folder: string;
let text: string;
let extended: string;
let trained: TrainedSequenceGenerator;
let known: ReadonlyMap<string, Float32Array>;

/** A tiny random GPT-Neo over four words, as `save_pretrained` of Hugging Face writes it. */
function writeTextModel(path: string, changes: Readonly<Record<string, string>> = {}): Promise<void> {
	const tensors = [...textWeights()].map(
		([name, { shape, data }]) => [name, { dtype: "F32", shape, bytes: ENCODINGS.F32!(data) }] as const,
	);
	return writeFolder(path, {
		"model.safetensors": safetensors(Object.fromEntries(tensors)),
		"config.json": textConfig(),
		"tokenizer.json": textTokenizer(),
		...changes,
	});
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "seqgen-extend-"));
	[text, extended] = [join(folder, "text"), join(folder, "extended")];
	await writeTextModel(text);
	const vocabulary = await extendVocabulary(text, OWN);
	const grammar = new Vocabulary(vocabulary);
	const examples = Array.from({ length: 6 }, (_, i) => ({
		condition: { classes: 10 },
		sequence: toMacroSequence(parsePartial(grammar, randomWalk(grammar, null, createRandom(i)))),
		weight: 1,
	}));
	const { vocabularySize: _, ...model } = await readGptNeoConfig(text);
	const config = { ...DEFAULT_SEQUENCE_TRAINING, vocabulary, model, steps: 1, batch: 2, learningRate: 1e-6 };
	known = await readPretrained(text);
	const pool = SessionPool.create({ threadsPerWorker: 1 });
	trained = await trainSequenceGenerator(pool, examples, config, { pretrained: known });
	await pool.close();
	await writeModelFolder(extended, trained, { extended: text });
});
afterAll(() => rm(folder, { recursive: true }));

describe("a pretrained model with an extended vocabulary", () => {
	it("keeps its tokens, in front of ours", async () => {
		const { size, tokens, config } = await readVocabulary(extended);
		expect([config.firstId, tokens[0]!.id, size]).toEqual([4, 4, 4 + tokens.length]);
		const table = trained.parameters.get("transformer.wte.weight")!;
		expect(table).toHaveLength(size * SIZES.hidden);
		const before = known.get("transformer.wte.weight")!;
		before.forEach((value, i) => {
			expect(table[i]).toBeCloseTo(value, 4);
		});
		const [attention] = [...known].filter(([name]) => name.includes("attn"));
		expect(trained.parameters.get(attention![0])![0]).toBeCloseTo(attention![1][0]!, 4);
	});

	it("has a tokenizer that reads the words of both", async () => {
		const tokenizer = await AutoTokenizer.from_pretrained(extended, { local_files_only: true });
		const vocabulary = await readVocabulary(extended);
		const ours = [vocabulary.find("begin"), vocabulary.find("cluster", 3), vocabulary.find("channels", 1024)];
		const line = `the net ${ours.map((token) => token.text).join(" ")} small`;
		expect(tokenizer.encode(line)).toEqual([0, 1, ...ours.map(({ id }) => id), 3]);
		const every = vocabulary.tokens.map((token) => token.text).join(" ");
		expect(tokenizer.encode(every)).toEqual(vocabulary.tokens.map(({ id }) => id));
	});

	it("writes sequences through transformers, and never a word", async () => {
		const generator = await GptNeoGenerator.load(extended, { threads: 1 });
		const random = createRandom(3);
		const sequences = await generator.generate({
			condition: { classes: 10 },
			count: 8,
			temperature: 1,
			random,
		});
		expect(sequences).toHaveLength(8);
		for (const { stages } of sequences) expect(stages.every(({ cluster }) => cluster < 4)).toBe(true);
		await generator.close();
	});

	it("is extended once: what goes on from it has its vocabulary", async () => {
		expect(await extendVocabulary(extended, OWN)).toEqual({ ...OWN, firstId: 4 });
	});

	it("is written again with the same tokenizer", async () => {
		const again = join(folder, "again");
		await writeModelFolder(again, trained, { extended });
		const read = (path: string) => readFile(join(path, "tokenizer.json"), "utf8");
		expect(await read(again)).toBe(await read(extended));
	});

	it("fills the gap of a padded token table, so that every token keeps its id", async () => {
		const padded = join(folder, "padded");
		await writeTextModel(padded, { "config.json": textConfig({ vocab_size: 7 }) });
		const vocabulary = new Vocabulary(await extendVocabulary(padded, OWN));
		const written = join(folder, "padded-extended");
		const model = { ...SIZES, vocabularySize: vocabulary.size };
		const parameters = initialize(gptNeoParameters(model), createRandom(1));
		await writeModelFolder(written, { vocabulary, model, parameters }, { extended: padded });
		const tokenizer = JSON.parse(await readFile(join(written, "tokenizer.json"), "utf8"));
		// as tokenizers of Python reads it: added tokens are numbered on from the vocabulary, in order
		const ids = (tokenizer.added_tokens as { id: number }[]).map(({ id }) => id);
		expect(ids).toEqual(ids.map((_, i) => WORDS.length + i));
		expect(vocabulary.tokens[0]!.id).toBe(7);
	});

	const token = (id: number, content: string) => ({ id, content, special: true });
	it.each([
		["more tokens than the table has rows", { added_tokens: [token(4, "<a>")] }, /"<a>" the id 4/],
		["a gap between ids", { added_tokens: [token(5, "<a>")] }, /"<a>" has the id 5 where 4 is next/],
		["one of our tokens", { model: { vocab: { the: 0, net: 1, is: 2, "<pad>": 3 } } }, /"<pad>" of its own/],
		["no vocabulary", { model: {} }, /damaged/],
		["another document", [1], /damaged/],
	])("refuses a tokenizer with %s before anything is trained", async (_, changes, message) => {
		const path = join(folder, "refused");
		const tokenizer = Array.isArray(changes) ? JSON.stringify(changes) : textTokenizer(changes);
		await writeTextModel(path, { "tokenizer.json": tokenizer });
		await expect(extendVocabulary(path, OWN)).rejects.toThrow(message);
	});

	it("needs a tokenizer to extend, and says so before anything is trained", async () => {
		await rm(join(text, "tokenizer.json"));
		await expect(extendVocabulary(text, OWN)).rejects.toThrow(/tokenizer\.json is missing/);
		await writeFolder(text, { "vocab.json": "{}", "merges.txt": "" });
		await expect(extendVocabulary(text, OWN)).rejects.toThrow(/vocab\.json and merges\.txt/);
	});
});
