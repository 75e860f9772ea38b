import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { ArchgenError } from "@archgen/errors";

interface TensorEntry {
	readonly dtype: string;
	readonly data_offsets: readonly [number, number];
}

/** A header beyond this is no header: that of GPT-Neo 2.7B is 40 kB. */
const LONGEST_HEADER = 16 * 1024 * 1024;

function damaged(path: string): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "TENSOR_FILE_DAMAGED",
		message: `${path} is not a whole safetensors file; restore it from its source.`,
	});
}

function missing(path: string, cause: unknown): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "PRETRAINED_MODEL_MISSING",
		message: `${path} cannot be opened; give the folder of a GPT-Neo checkpoint in safetensors format.`,
		cause,
	});
}

async function readExactly(
	file: FileHandle,
	path: string,
	position: number,
	length: number,
): Promise<Buffer> {
	// a buffer of its own, because a Float32Array must start at a multiple of 4
	const bytes = Buffer.from(new ArrayBuffer(length));
	const { bytesRead } = await file.read(bytes, 0, length, position);
	if (bytesRead !== length) throw damaged(path);
	return bytes;
}

async function readFloats(file: FileHandle, path: string): Promise<Map<string, Float32Array>> {
	const length = Number((await readExactly(file, path, 0, 8)).readBigUInt64LE());
	if (length > LONGEST_HEADER) throw damaged(path);
	const header: Record<string, TensorEntry> = JSON.parse(
		(await readExactly(file, path, 8, length)).toString(),
	);
	const tensors = new Map<string, Float32Array>();
	for (const [name, { dtype, data_offsets }] of Object.entries(header)) {
		if (dtype !== "F32") continue;
		const [from, to] = data_offsets;
		const bytes = await readExactly(file, path, 8 + length + from, to - from);
		tensors.set(name, new Float32Array(bytes.buffer));
	}
	return tensors;
}

/**
 * Weights of any local GPT-Neo folder in Hugging Face's format, for fine-tuning (for example the published 125M
 * checkpoint as safetensors). Buffers of other types than float32, the attention masks of older checkpoints, are passed
 * over.
 *
 * @returns values by Hugging Face's parameter names
 * @throws FAILED_PRECONDITION without a readable `model.safetensors`, DATA_LOSS for a damaged one
 */
export async function readPretrained(folder: string): Promise<ReadonlyMap<string, Float32Array>> {
	const path = join(folder, "model.safetensors");
	const file = await open(path).catch((cause: unknown) => {
		throw missing(path, cause);
	});
	try {
		return await readFloats(file, path);
	} finally {
		await file.close();
	}
}
