import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPretrained } from "./pretrained.js";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "seqgen-pretrained-"));
	const header = JSON.stringify({
		__metadata__: { format: "pt" },
		"transformer.h.0.attn.attention.bias": { dtype: "U8", shape: [3], data_offsets: [0, 3] },
		"transformer.ln_f.weight": { dtype: "F32", shape: [2], data_offsets: [3, 11] },
	});
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(header.length));
	const data = Buffer.from(Float32Array.of(1.5, -2).buffer);
	const file = Buffer.concat([length, Buffer.from(header), Buffer.from([1, 1, 0]), data]);
	await writeFile(join(folder, "model.safetensors"), file);
});
afterAll(() => rm(folder, { recursive: true }));

describe("pretrained weights", () => {
	it("are the float32 tensors of the file, mask buffers passed over", async () => {
		const tensors = await readPretrained(folder);
		expect([...tensors]).toEqual([["transformer.ln_f.weight", Float32Array.of(1.5, -2)]]);
	});

	it("name a file that is cut off or missing", async () => {
		await truncate(join(folder, "model.safetensors"), 200);
		await expect(readPretrained(folder)).rejects.toMatchObject({ reason: "TENSOR_FILE_DAMAGED" });
		const nowhere = readPretrained(join(folder, "nowhere"));
		await expect(nowhere).rejects.toMatchObject({ reason: "PRETRAINED_MODEL_MISSING" });
	});
});
