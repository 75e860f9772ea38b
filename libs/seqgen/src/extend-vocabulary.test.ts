import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import { initialize, SessionPool, saveTensors } from "@archgen/tensor-graph";
import { AutoTokenizer } from "@huggingface/transformers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomWalk } from "../test/arbitraries.js";
import { parsePartial } from "./codec.js";
import { gptNeoParameters } from "./gpt-neo-graphs.js";
import { toMacroSequence } from "./grammar.js";
import { extendVocabulary, readGptNeoConfig, readVocabulary, writeModelFolder } from "./model-folder.js";
import { readPretrained } from "./pretrained.js";
import { SequenceGenerator } from "./sequence-generator.js";
import { type TrainedSequenceGenerator, trainSequenceGenerator } from "./train.js";
import { DEFAULT_SEQUENCE_TRAINING } from "./training-config.js";
import { DEFAULT_VOCABULARY, Vocabulary } from "./vocabulary.js";

/** Words of the text model that is extended. */
const WORDS = ["the", "net", "is", "small"];
const SIZES = { maxPositions: 80, hidden: 16, layers: 2, heads: 2, window: 8 };
const OWN = { ...DEFAULT_VOCABULARY, clusters: 4, maxStages: 4 };

let folder: string;
let text: string;
let extended: string;
let trained: TrainedSequenceGenerator;
let known: ReadonlyMap<string, Float32Array>;

/** A tiny random GPT-Neo over four words, as `save_pretrained` of Hugging Face writes it. */
async function writeTextModel(path: string): Promise<void> {
	const model = { ...SIZES, vocabularySize: WORDS.length };
	const specs = gptNeoParameters(model);
	const values = initialize(specs, createRandom(1));
	const tensors = specs.map(({ name, shape }) => [name, { data: values.get(name)!, shape }] as const);
	const vocab = Object.fromEntries(WORDS.map((word, id) => [word, id]));
	await mkdir(path);
	await saveTensors(join(path, "model.safetensors"), new Map(tensors), { format: "pt" });
	const config = {
		model_type: "gpt_neo",
		vocab_size: WORDS.length,
		max_position_embeddings: SIZES.maxPositions,
		hidden_size: SIZES.hidden,
		num_layers: SIZES.layers,
		num_heads: SIZES.heads,
		window_size: SIZES.window,
	};
	const tokenizer = {
		version: "1.0",
		truncation: null,
		padding: null,
		added_tokens: [],
		normalizer: null,
		pre_tokenizer: { type: "WhitespaceSplit" },
		post_processor: null,
		decoder: null,
		model: { type: "WordLevel", vocab, unk_token: "<unk>" },
	};
	await writeFile(join(path, "config.json"), JSON.stringify(config));
	await writeFile(join(path, "tokenizer.json"), JSON.stringify(tokenizer));
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
		const generator = await SequenceGenerator.load(extended, { threads: 1 });
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

	it("needs a tokenizer to extend", async () => {
		await rm(join(text, "tokenizer.json"));
		const writing = writeModelFolder(join(folder, "none"), trained, { extended: text });
		await expect(writing).rejects.toThrow(/tokenizer\.json/);
	});
});
