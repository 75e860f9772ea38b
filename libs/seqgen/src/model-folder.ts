import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { saveTensors } from "@archgen/tensor-graph";
import { attentionKind, type GptNeoConfig } from "./gpt-neo-config.js";
import { readConfigJson, readGptNeoConfig, unreadable } from "./gpt-neo-folder.js";
import { gptNeoParameters, servedModel } from "./gpt-neo-graphs.js";
import { missingTokens, readTextTokenizer } from "./text-tokenizer.js";
import { tokenizerFiles } from "./tokenizer-files.js";
import { Vocabulary, type VocabularyConfig } from "./vocabulary.js";

/** Key of our own part of `config.json`. */
const OWN = "archgen_vocabulary";

/** `attention_types` in Hugging Face's form: patterns and how often each of them is repeated. */
function attentionTypes(layers: number): [string[], number][] {
	const pairs: [string[], number][] = layers > 1 ? [[["global", "local"], Math.floor(layers / 2)]] : [];
	return layers % 2 === 1 ? [...pairs, [["global"], 1]] : pairs;
}

function configJson(vocabulary: Vocabulary, model: GptNeoConfig): Record<string, unknown> {
	return {
		model_type: "gpt_neo",
		architectures: ["GPTNeoForCausalLM"],
		activation_function: "gelu_new",
		attention_layers: Array.from({ length: model.layers }, (_, layer) => attentionKind(layer)),
		attention_types: attentionTypes(model.layers),
		attention_dropout: 0,
		embed_dropout: 0,
		resid_dropout: 0,
		hidden_size: model.hidden,
		num_layers: model.layers,
		num_heads: model.heads,
		intermediate_size: model.intermediate ?? null,
		window_size: model.window,
		max_position_embeddings: model.maxPositions,
		vocab_size: model.vocabularySize,
		layer_norm_epsilon: 1e-5,
		initializer_range: 0.02,
		tie_word_embeddings: true,
		use_cache: true,
		torch_dtype: "float32",
		...specialIds(vocabulary),
		[OWN]: vocabulary.config,
	};
}

function specialIds(vocabulary: Vocabulary): Record<string, number> {
	return {
		bos_token_id: vocabulary.find("begin").id,
		eos_token_id: vocabulary.find("end").id,
		pad_token_id: vocabulary.find("pad").id,
	};
}

export interface SequenceModel {
	readonly vocabulary: Vocabulary;
	readonly model: GptNeoConfig;
	/** By Hugging Face's names. */
	readonly parameters: ReadonlyMap<string, Float32Array>;
}

/**
 * Writes a Hugging Face folder: configuration, tokenizer, `onnx/model.onnx` and, unless switched off,
 * `model.safetensors`, from which Python's transformers loads the same model.
 *
 * @param options.safetensors whether to write `model.safetensors` (as large as the ONNX file), default true
 * @param options.extended folder of the pretrained model whose vocabulary ours extends: its tokenizer is kept and gets our tokens
 */
export async function writeModelFolder(
	folder: string,
	{ vocabulary, model, parameters }: SequenceModel,
	options: { readonly safetensors?: boolean; readonly extended?: string } = {},
): Promise<void> {
	await mkdir(join(folder, "onnx"), { recursive: true });
	const files: Record<string, unknown> = {
		...(await extendedTokenizer(vocabulary, options.extended)),
		"config.json": configJson(vocabulary, model),
		"generation_config.json": {
			...specialIds(vocabulary),
			do_sample: false,
			max_length: vocabulary.maxLength,
		},
	};
	for (const [name, content] of Object.entries(files)) {
		await writeFile(join(folder, name), `${JSON.stringify(content, null, "\t")}\n`);
	}
	await writeFile(join(folder, "onnx", "model.onnx"), servedModel(model, parameters));
	if (options.safetensors === false) return;
	const specs = gptNeoParameters(model);
	const tensors = new Map(specs.map(({ name, shape }) => [name, { data: parameters.get(name)!, shape }]));
	await saveTensors(join(folder, "model.safetensors"), tensors, { format: "pt" });
}

async function extendedTokenizer(vocabulary: Vocabulary, folder: string | undefined) {
	if (folder === undefined) return tokenizerFiles(vocabulary);
	const { vocabularySize } = await readGptNeoConfig(folder);
	const tokenizer = await readTextTokenizer(folder, vocabularySize);
	return tokenizerFiles(vocabulary, {
		tokenizer,
		added: missingTokens(folder, tokenizer, vocabulary.tokens),
	});
}

/** The vocabulary of a folder. @throws FAILED_PRECONDITION when it has no readable configuration of ours */
export async function readVocabulary(folder: string): Promise<Vocabulary> {
	const config = await readConfigJson(folder);
	let vocabulary: Vocabulary;
	try {
		vocabulary = new Vocabulary(config[OWN] as VocabularyConfig);
	} catch (cause) {
		throw unreadable(folder, `its config.json is without "${OWN}" or that is damaged`, cause);
	}
	if (vocabulary.size !== config.vocab_size) {
		throw unreadable(folder, "its vocabulary and its model differ in size");
	}
	return vocabulary;
}

/**
 * The vocabulary with which a model goes on from a pretrained one: that of the folder where it is one of ours, else ours behind the tokens that are
 * there.
 *
 * @param own our tokens
 * @throws FAILED_PRECONDITION when its `config.json` is missing or not that of a GPT-Neo, or its tokenizer cannot be extended
 */
export async function extendVocabulary(folder: string, own: VocabularyConfig): Promise<VocabularyConfig> {
	const { vocabularySize } = await readGptNeoConfig(folder);
	if (OWN in (await readConfigJson(folder))) return (await readVocabulary(folder)).config;
	const extended = { ...own, firstId: vocabularySize };
	const tokenizer = await readTextTokenizer(folder, vocabularySize);
	missingTokens(folder, tokenizer, new Vocabulary(extended).tokens);
	return extended;
}
