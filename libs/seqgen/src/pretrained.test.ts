import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
	ENCODINGS,
	safetensors,
	textConfig,
	textWeights,
	type WrittenTensor,
	writeFolder,
} from "../test/text-model.js";
import { readPretrained } from "./pretrained.js";

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "seqgen-pretrained-"));
});
afterEach(() => rm(folder, { recursive: true }));

const weights = textWeights();

function tensors(dtype = "F32", rename = (name: string) => name): Record<string, WrittenTensor> {
	return Object.fromEntries(
		[...weights].map(([name, { shape, data }]) => [
			rename(name),
			{ dtype, shape, bytes: ENCODINGS[dtype]!(data) },
		]),
	);
}

async function read(
	written: Record<string, WrittenTensor>,
	config: Readonly<Record<string, unknown>> = {},
): Promise<ReadonlyMap<string, Float32Array>> {
	await writeFolder(folder, { "config.json": textConfig(config), "model.safetensors": safetensors(written) });
	return readPretrained(folder);
}

const expected = new Map([...weights].map(([name, { data }]) => [name, data]));
const flags = { dtype: "U8", shape: [3], bytes: Buffer.of(1, 1, 0) };

describe("pretrained weights", () => {
	it.each(["F32", "F64", "F16", "BF16"])("are read from %s, every value", async (dtype) => {
		expect(await read(tensors(dtype))).toEqual(expected);
	});

	it("are found under the names of GPTNeoModel, and beside attention masks of older checkpoints", async () => {
		const base = tensors("F32", (name) => name.replace("transformer.", ""));
		const masks = {
			"h.0.attn.attention.bias": flags,
			"h.1.attn.attention.masked_bias": { dtype: "F32", shape: [], bytes: Buffer.alloc(4) },
		};
		expect(await read({ ...masks, ...base })).toEqual(expected);
	});

	it("are read from several files with an index", async () => {
		const all = Object.entries(tensors());
		const half = all.length / 2;
		const map = Object.fromEntries(
			all.map(([name], i) => [name, i < half ? "model-1.safetensors" : "model-2.safetensors"]),
		);
		const files = {
			"config.json": textConfig(),
			"model.safetensors.index.json": JSON.stringify({ metadata: {}, weight_map: map }),
			"model-1.safetensors": safetensors(Object.fromEntries(all.slice(0, half))),
		};
		await writeFolder(folder, files);
		await expect(readPretrained(folder)).rejects.toThrow(/model-2\.safetensors/);
		await writeFolder(folder, { "model-2.safetensors": safetensors(Object.fromEntries(all.slice(half))) });
		expect(await readPretrained(folder)).toEqual(expected);
		const outside = JSON.stringify({ weight_map: { "transformer.wte.weight": "../secret.safetensors" } });
		await writeFolder(folder, { "model.safetensors.index.json": outside });
		await expect(readPretrained(folder)).rejects.toMatchObject({ reason: "SEQUENCE_MODEL_UNSUPPORTED" });
	});

	it("take an output layer that equals the token table, and refuse one of its own", async () => {
		const all = tensors();
		const table = all["transformer.wte.weight"]!;
		expect(await read({ ...all, "lm_head.weight": table })).toEqual(expected);
		const other = Buffer.from(table.bytes);
		other[3]! ^= 1;
		await expect(read({ ...all, "lm_head.weight": { ...table, bytes: other } })).rejects.toThrow(
			/lm_head\.weight/,
		);
	});

	it("are refused by name where something is missing, strange, of another shape or type, or not finite", async () => {
		const { "transformer.ln_f.bias": bias, ...rest } = tensors();
		await expect(read(rest)).rejects.toThrow(/transformer\.ln_f\.bias.*missing/);
		await expect(read({ ...rest, "transformer.ln_f.bais": bias! })).rejects.toThrow(/ln_f\.bias.*ln_f\.bais/);
		const all = { ...rest, "transformer.ln_f.bias": bias! };
		await expect(read({ ...all, "h.7.ln_1.bias": bias! })).rejects.toThrow(/h\.7\.ln_1\.bias/);
		const changed = (change: Partial<WrittenTensor>) => ({
			...all,
			"transformer.ln_f.bias": { ...bias!, ...change },
		});
		await expect(read(changed({ shape: [4, 4] }))).rejects.toThrow(/ln_f\.bias has shape \[4,4\].*\[16\]/);
		await expect(read(changed({ dtype: "I8", bytes: Buffer.alloc(16) }))).rejects.toThrow(
			/ln_f\.bias holds I8/,
		);
		const nan = ENCODINGS.F32!(new Float32Array(16).fill(Number.NaN));
		await expect(read(changed({ bytes: nan }))).rejects.toThrow(
			/ln_f\.bias holds values that are not finite/,
		);
		await expect(read(all, { vocab_size: 6 })).rejects.toThrow(/wte\.weight has shape/);
	});

	it("name a file that is cut off, missing, or a pickle", async () => {
		const bytes = safetensors(tensors());
		await writeFolder(folder, { "config.json": textConfig(), "model.safetensors": bytes.subarray(0, -1) });
		await expect(readPretrained(folder)).rejects.toMatchObject({ reason: "TENSOR_FILE_DAMAGED" });
		await rm(join(folder, "model.safetensors"));
		await expect(readPretrained(folder)).rejects.toMatchObject({ reason: "PRETRAINED_MODEL_MISSING" });
		await writeFolder(folder, { "pytorch_model.bin": "PK" });
		await expect(readPretrained(folder)).rejects.toThrow(/pytorch_model\.bin.*safe_serialization=True/);
	});
});
