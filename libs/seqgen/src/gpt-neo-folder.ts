import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { parseJson } from "@archgen/files";
import { assertGptNeoConfig, attentionKind, type GptNeoConfig } from "./gpt-neo-config.js";

/** Fields of `config.json` that decide what the model computes, with the values that this implementation has. */
const FIXED: Readonly<Record<string, readonly unknown[]>> = {
	model_type: ["gpt_neo"],
	// two names of one formula
	activation_function: ["gelu_new", "gelu_pytorch_tanh"],
	layer_norm_epsilon: [1e-5],
	tie_word_embeddings: [true],
	attention_dropout: [0],
	embed_dropout: [0],
	resid_dropout: [0],
	add_cross_attention: [false],
	is_encoder_decoder: [false],
	quantization_config: [null],
};

/** Sizes by the field of `config.json` that they come from. */
const SIZES = {
	vocab_size: "vocabularySize",
	max_position_embeddings: "maxPositions",
	hidden_size: "hidden",
	num_layers: "layers",
	num_heads: "heads",
	window_size: "window",
} as const satisfies Readonly<Record<string, keyof GptNeoConfig>>;

type Json = Readonly<Record<string, unknown>>;

/** FAILED_PRECONDITION for a folder that is no sequence generator. */
export function unreadable(folder: string, why: string, cause?: unknown): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "SEQUENCE_MODEL_UNREADABLE",
		message: `${folder} is not a sequence generator: ${why}.`,
		cause,
	});
}

/** FAILED_PRECONDITION for a GPT-Neo that this implementation cannot follow, naming the field or file. */
export function unsupported(folder: string, field: string, description: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "SEQUENCE_MODEL_UNSUPPORTED",
		message: `${folder}: ${field} ${description}`,
		violations: [{ field, description }],
	});
}

/** `config.json` of a folder. @throws FAILED_PRECONDITION when it is missing or no JSON object */
export async function readConfigJson(folder: string): Promise<Json> {
	let json: unknown;
	try {
		json = parseJson(await readFile(join(folder, "config.json")));
	} catch (cause) {
		throw unreadable(folder, "its config.json is missing or not JSON", cause);
	}
	if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Json;
	throw unreadable(folder, "its config.json is no object");
}

/**
 * Sizes of any GPT-Neo folder in Hugging Face's format, e.g. of the published 125M checkpoint.
 *
 * @throws FAILED_PRECONDITION when its `config.json` is missing or not that of a GPT-Neo; `SEQUENCE_MODEL_UNSUPPORTED` naming a field whose value
 *   this implementation cannot follow (another activation function, other attention, weights of its own for the output)
 */
export async function readGptNeoConfig(folder: string): Promise<GptNeoConfig> {
	const json = await readConfigJson(folder);
	for (const [field, known] of Object.entries(FIXED)) {
		const value = json[field];
		if (value === undefined || value === null || known.includes(value)) continue;
		const only = known.map((one) => JSON.stringify(one)).join(" or ");
		throw unsupported(
			folder,
			`config.json ${field}`,
			`is ${JSON.stringify(value)}; only ${only} is supported`,
		);
	}
	if (json.model_type === undefined) throw unreadable(folder, "its config.json has no model_type");
	const config = sizesOf(folder, json);
	checkAttention(folder, json, config.layers);
	return config;
}

function sizesOf(folder: string, json: Json): GptNeoConfig {
	const size = (field: string): number => {
		const value = json[field];
		if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
		throw unsupported(
			folder,
			`config.json ${field}`,
			`must be a positive integer, not ${JSON.stringify(value)}`,
		);
	};
	const sizes = Object.entries(SIZES).map(([field, name]) => [name, size(field)]);
	const intermediate = json.intermediate_size == null ? {} : { intermediate: size("intermediate_size") };
	const config = { ...Object.fromEntries(sizes), ...intermediate } as GptNeoConfig;
	try {
		assertGptNeoConfig(config);
	} catch (cause) {
		throw unreadable(folder, `its config.json does not fit together (${(cause as Error).message})`, cause);
	}
	return config;
}

/** Layers must be global, local, global, … in whichever of its two forms the configuration says so; in neither they are. */
function checkAttention(folder: string, json: Json, layers: number): void {
	const ours = Array.from({ length: layers }, (_, layer) => attentionKind(layer));
	const forms = {
		attention_layers: json.attention_layers,
		attention_types: expanded(json.attention_types, layers),
	};
	for (const [field, found] of Object.entries(forms)) {
		if (found === undefined || found === null || JSON.stringify(found) === JSON.stringify(ours)) continue;
		const shown = JSON.stringify(json[field]);
		throw unsupported(
			folder,
			`config.json ${field}`,
			`is ${shown}; only ${layers} layers that are global and local in turn are supported`,
		);
	}
}

/** `[[["global", "local"], 2]]` as four kinds, or more than `layers` where there are more; anything else unchanged, to be refused. */
function expanded(types: unknown, layers: number): unknown {
	if (!Array.isArray(types)) return types;
	const found: unknown[] = [];
	for (const pair of types) {
		const [kinds, times] = (Array.isArray(pair) ? pair : []) as [unknown, unknown];
		const isPattern = Array.isArray(kinds) && kinds.length <= layers && Number.isInteger(times);
		if (!isPattern) found.push(pair);
		// No further than it takes to see that there are too many.
		for (let i = 0; isPattern && i < (times as number) && found.length <= layers; i++) found.push(...kinds);
	}
	return found;
}
