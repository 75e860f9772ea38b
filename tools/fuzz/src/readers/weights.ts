import { SMALL_DENOISER } from "@archgen/discrete-diffusion";
import { loadCheckpoint, readDenoiser, readPredictor, readScore } from "@archgen/pipeline";
import { SDE, SMALL_SIZE } from "@archgen/score-diffusion";
import {
	DEFAULT_VOCABULARY,
	extendVocabulary,
	loadSequenceCheckpoint,
	readGptNeoConfig,
	readPretrained,
	readVocabulary,
} from "@archgen/seqgen";
import { loadTensors } from "@archgen/tensor-graph";
import { each, ofFile, ofFolder, type Readers } from "../reader.js";
import { GPT_NEO, jsonBytes, safetensors } from "../samples.js";

const OWN_VOCABULARY = { ...DEFAULT_VOCABULARY, clusters: 2, maxStages: 2 };
const TOKENIZER = {
	added_tokens: [{ id: 9, content: "<end>" }],
	model: { vocab: Object.fromEntries([..."abcdefghi"].map((token, id) => [token, id])) },
};
const CONFIG_FILE = { "config.json": jsonBytes(GPT_NEO) };
const STATE_SHAPE = { nodes: 3, operations: 2, successors: [[1, 2], [2], []] };
const PREDICTOR = {
	...{ shape: STATE_SHAPE, size: { hidden: 4, layers: 1, output: 4 }, sde: SDE },
	...{ scale: { mean: 0, std: 1 }, rows: 4 },
};
const SCORE = { shape: STATE_SHAPE, size: { ...SMALL_SIZE, hidden: 8, heads: 2, blocks: 1 }, sde: SDE };
const DENOISER = {
	shape: { nodes: 3, nodeClasses: 2 },
	size: { ...SMALL_DENOISER, hidden: 8, heads: 2, layers: 1 },
	schedule: { steps: 10, offset: 0.008 },
	marginals: { nodes: [0.5, 0.5], edges: [0.5, 0.5] },
	metrics: [{ name: "a", classes: ["other", "top"], bound: { least: 1 } }],
};
const TRAINED_ON = {
	...{ space: "nasbench201", target: "c10_val", table: "x", rows: 4, seed: 1, digests: ["a"] },
};

/** Readers of weights, checkpoints and descriptions of networks. */
export const READERS = {
	safetensors: ofFile("a.safetensors", [safetensors({ a: [1, 2], b: [3] })], (path) => loadTensors(path)),
	checkpoint: ofFile(
		"checkpoint.safetensors",
		[
			safetensors(
				{ "parameters/a": [1], "first/a": [1], "second/a": [1] },
				{ fingerprint: "print", step: "4" },
			),
		],
		(path) => loadCheckpoint(path, "print"),
	),
	"sequence-checkpoint": ofFile(
		"sequences.safetensors",
		[
			safetensors(
				{ "parameters/a": [1], "first/a": [1], "second/a": [1], "best/a": [1] },
				{ step: "4", best: JSON.stringify({ step: 2, validationLoss: 0.5 }) },
			),
		],
		loadSequenceCheckpoint,
	),
	"gpt-neo-config": ofFolder(
		"config.json",
		[jsonBytes(GPT_NEO), jsonBytes({ ...GPT_NEO, archgen_vocabulary: OWN_VOCABULARY })],
		{ "model.safetensors": safetensors({ a: [1] }) },
		(path) => each([() => readGptNeoConfig(path), () => readVocabulary(path), () => readPretrained(path)]),
	),
	"gpt-neo-tokenizer": ofFolder("tokenizer.json", [jsonBytes(TOKENIZER)], CONFIG_FILE, (path) =>
		extendVocabulary(path, OWN_VOCABULARY),
	),
	"gpt-neo-weights": ofFolder(
		"model.safetensors",
		[safetensors({ "transformer.wte.weight": Array(40).fill(0) })],
		CONFIG_FILE,
		readPretrained,
	),
	"gpt-neo-index": ofFolder(
		"model.safetensors.index.json",
		[jsonBytes({ weight_map: { "transformer.wte.weight": "part-1.safetensors" } })],
		{ ...CONFIG_FILE, "part-1.safetensors": safetensors({ a: [1] }) },
		readPretrained,
	),
	predictor: ofFolder(
		"predictor.json",
		[jsonBytes(PREDICTOR)],
		{ "predictor.onnx": Buffer.alloc(0), "trained-on.json": jsonBytes(TRAINED_ON) },
		readPredictor,
	),
	"predictor-network": ofFolder(
		"predictor.onnx",
		[Buffer.from([0x08, 0x08, 0x3a, 0x02, 0x12, 0x00])],
		{ "predictor.json": jsonBytes(PREDICTOR), "trained-on.json": jsonBytes(TRAINED_ON) },
		readPredictor,
	),
	score: ofFolder(
		"score.json",
		[jsonBytes(SCORE)],
		{ "score.onnx": Buffer.alloc(0), "trained-on.json": jsonBytes(TRAINED_ON) },
		readScore,
	),
	denoiser: ofFolder(
		"denoiser.json",
		[jsonBytes(DENOISER)],
		{ "denoiser.onnx": Buffer.alloc(0), "trained-on.json": jsonBytes(TRAINED_ON) },
		readDenoiser,
	),
} satisfies Readers;
