import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { parseJson } from "@archgen/files";
import { type OpenTensors, type ParameterSpec, withTensorFile } from "@archgen/tensor-graph";
import { readGptNeoConfig, unsupported } from "./gpt-neo-folder.js";
import { gptNeoParameters } from "./gpt-neo-graphs.js";

const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";
/** Weights in formats that are not read, and from which Hugging Face's libraries make safetensors. */
const FOREIGN = [
	"pytorch_model.bin",
	"pytorch_model.bin.index.json",
	"tf_model.h5",
	"flax_model.msgpack",
	"model.gguf",
];
/** In front of every name in a model with an output layer; `GPTNeoModel` saves without it. */
const PREFIX = "transformer.";
/** Attention masks that older checkpoints hold; they follow from the configuration. */
const BUFFER = /\.attn\.attention\.(masked_)?bias$/;
/** Weights of the output layer; tied to the token table here. */
const OUTPUT = "lm_head.weight";
const TOKEN_TABLE = "transformer.wte.weight";
/** Names in an error message at most. */
const NAMED = 4;

type Weights = Map<string, Float32Array>;

/**
 * Weights of any local GPT-Neo folder in Hugging Face's format, for fine-tuning (for example the published 125M checkpoint as safetensors): one file
 * or several with an index, float32, float16, bfloat16 or float64, saved from `GPTNeoForCausalLM` or `GPTNeoModel`.
 *
 * Every weight that the configuration asks for must be there in its shape, and nothing else but attention masks of older checkpoints and an output
 * layer equal to the token table.
 *
 * @returns values by the parameter names of `GPTNeoForCausalLM`
 * @throws ArchgenError FAILED_PRECONDITION `PRETRAINED_MODEL_MISSING` without safetensors, `SEQUENCE_MODEL_UNSUPPORTED` for weights that do not fit the
 *   configuration; DATA_LOSS for damaged files
 */
export async function readPretrained(folder: string): Promise<ReadonlyMap<string, Float32Array>> {
	const specs = new Map(gptNeoParameters(await readGptNeoConfig(folder)).map((spec) => [spec.name, spec]));
	const weights: Weights = new Map();
	const others: string[] = [];
	for (const file of await weightFiles(folder)) {
		await withTensorFile(join(folder, file), async (tensors) => {
			for (const name of tensors.entries.keys()) {
				const known = specs.get(name) ?? specs.get(PREFIX + name);
				if (known !== undefined) weights.set(known.name, await readWeight(folder, tensors, name, known));
				else if (name === OUTPUT && tensors.isFloat(name)) weights.set(OUTPUT, await tensors.read(name));
				else if (!BUFFER.test(name)) others.push(name);
			}
		}).catch((cause: unknown) => {
			throw cause instanceof ArchgenError ? cause : missing(join(folder, file), cause);
		});
	}
	checkComplete(
		folder,
		[...specs.keys()].filter((name) => !weights.has(name)),
		others,
	);
	checkTied(folder, weights);
	return weights;
}

/** The files that hold the weights, in the order of the index. */
async function weightFiles(folder: string): Promise<string[]> {
	if (await exists(join(folder, SINGLE))) return [SINGLE];
	const path = join(folder, INDEX);
	if (await exists(path)) return shardsOf(folder, path);
	for (const file of FOREIGN) {
		if (!(await exists(join(folder, file)))) continue;
		const advice = "save it by model.save_pretrained(folder, safe_serialization=True)";
		throw missing(join(folder, SINGLE), undefined, `the folder holds ${file}, which is not read; ${advice}`);
	}
	throw missing(path.replace(INDEX, SINGLE), undefined);
}

async function shardsOf(folder: string, path: string): Promise<string[]> {
	const json = await readFile(path)
		.then(parseJson, () => undefined)
		.catch(() => undefined);
	const map = (json as { weight_map?: unknown } | null | undefined)?.weight_map;
	const files = typeof map === "object" && map !== null ? [...new Set(Object.values(map))] : [];
	const isPlain = (file: unknown): file is string =>
		typeof file === "string" && /^[\w.-]+\.safetensors$/.test(file);
	if (files.length > 0 && files.every(isPlain)) return files;
	throw unsupported(folder, INDEX, "has no weight_map from tensors to safetensors files beside it");
}

async function readWeight(folder: string, tensors: OpenTensors, name: string, { shape }: ParameterSpec) {
	const entry = tensors.entries.get(name)!;
	if (!tensors.isFloat(name))
		throw unsupported(folder, name, `holds ${entry.dtype}; only F32, F16, BF16 and F64 are read`);
	if (JSON.stringify(entry.shape) !== JSON.stringify(shape))
		throw unsupported(folder, name, `has shape [${entry.shape}], config.json asks for [${shape}]`);
	const values = await tensors.read(name);
	if (!values.every(Number.isFinite)) throw unsupported(folder, name, "holds values that are not finite");
	return values;
}

function checkComplete(folder: string, lacking: readonly string[], others: readonly string[]): void {
	const listed = (names: readonly string[]) =>
		`${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ""}`;
	const beside = others.length > 0 ? `; it holds ${listed(others)}` : "";
	if (lacking.length > 0) throw unsupported(folder, listed(lacking), `missing among its weights${beside}`);
	if (others.length > 0) throw unsupported(folder, listed(others), "unknown to a GPT-Neo of its config.json");
}

/** An output layer of its own would be lost: ours shares its weights with the token table. */
function checkTied(folder: string, weights: Weights): void {
	const output = weights.get(OUTPUT);
	weights.delete(OUTPUT);
	const table = weights.get(TOKEN_TABLE)!;
	if (output === undefined) return;
	if (output.length === table.length && output.every((value, i) => value === table[i])) return;
	throw unsupported(folder, OUTPUT, "differs from the token table; only tied output weights are supported");
}

async function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		() => false,
	);
}

function missing(path: string, cause: unknown, why?: string): ArchgenError {
	const advice = why ?? "give the folder of a GPT-Neo checkpoint in safetensors format";
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "PRETRAINED_MODEL_MISSING",
		message: `${path} cannot be opened; ${advice}.`,
		cause,
	});
}
