import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import { initialize } from "@archgen/tensor-graph";
import { gptNeoParameters } from "../src/gpt-neo-graphs.js";

/** Words of the text model. */
export const WORDS = ["the", "net", "is", "small"];
export const SIZES = { maxPositions: 80, hidden: 16, layers: 2, heads: 2, window: 8 };

/** Element types by safetensors' name: the bytes of floats in them, cut off, not rounded. */
export const ENCODINGS: Readonly<Record<string, (values: Float32Array) => Buffer>> = {
	F32: (values) => Buffer.from(values.slice().buffer),
	F64: (values) => Buffer.from(Float64Array.from(values).buffer),
	BF16: (values) => {
		const bits = new Uint32Array(values.slice().buffer);
		return Buffer.from(Uint16Array.from(bits, (bit) => bit >>> 16).buffer);
	},
	// exact for multiples of 1/1024 between 1/16 and 1 and their negatives, and 0
	F16: (values) =>
		Buffer.from(
			Uint16Array.from(values, (value) => {
				const exponent = value === 0 ? -15 : Math.floor(Math.log2(Math.abs(value)));
				const fraction = value === 0 ? 0 : Math.abs(value) / 2 ** exponent - 1;
				return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.round(fraction * 1024);
			}).buffer,
		),
	I8: (values) => Buffer.from(Int8Array.from(values).buffer),
};

/** A tensor about to be written. */
export interface WrittenTensor {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly bytes: Buffer;
}

/** The bytes of a safetensors file. */
export function safetensors(tensors: Readonly<Record<string, WrittenTensor>>): Buffer {
	let offset = 0;
	const header = Object.fromEntries(
		Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
			const from = offset;
			offset += bytes.length;
			return [name, { dtype, shape, data_offsets: [from, offset] }];
		}),
	);
	const text = Buffer.from(JSON.stringify({ __metadata__: { format: "pt" }, ...header }));
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(text.length));
	return Buffer.concat([length, text, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

/** Weights of the text model, all exact in every element type of {@link ENCODINGS} but I8. */
export function textWeights(
	vocabularySize = WORDS.length,
): Map<string, { shape: number[]; data: Float32Array }> {
	const specs = gptNeoParameters({ ...SIZES, vocabularySize });
	const values = initialize(specs, createRandom(1));
	return new Map(
		specs.map(({ name, shape }) => {
			// seven bits of fraction, as bfloat16 has
			const data = values
				.get(name)!
				.map((value) => Math.sign(value) * (0.5 + (Math.round(Math.abs(value) * 4096) % 64) / 128));
			return [name, { shape: [...shape], data }];
		}),
	);
}

/** `config.json` as `save_pretrained` of Hugging Face writes it, with fields replaced. */
export function textConfig(changes: Readonly<Record<string, unknown>> = {}): string {
	return JSON.stringify({
		model_type: "gpt_neo",
		architectures: ["GPTNeoForCausalLM"],
		activation_function: "gelu_new",
		attention_layers: ["global", "local"],
		attention_types: [[["global", "local"], 1]],
		attention_dropout: 0.0,
		classifier_dropout: 0.1,
		layer_norm_epsilon: 1e-5,
		tie_word_embeddings: true,
		intermediate_size: null,
		vocab_size: WORDS.length,
		max_position_embeddings: SIZES.maxPositions,
		hidden_size: SIZES.hidden,
		num_layers: SIZES.layers,
		num_heads: SIZES.heads,
		window_size: SIZES.window,
		...changes,
	});
}

/** `tokenizer.json` over words, with fields replaced. */
export function textTokenizer(changes: Readonly<Record<string, unknown>> = {}): string {
	const vocab = Object.fromEntries(WORDS.map((word, id) => [word, id]));
	return JSON.stringify({
		version: "1.0",
		truncation: null,
		padding: null,
		added_tokens: [],
		normalizer: null,
		pre_tokenizer: { type: "WhitespaceSplit" },
		post_processor: null,
		decoder: null,
		model: { type: "WordLevel", vocab, unk_token: "<unk>" },
		...changes,
	});
}

/** Writes a folder of files by name. */
export async function writeFolder(
	folder: string,
	files: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}
