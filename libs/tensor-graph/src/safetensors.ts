import { readFile, rename, writeFile } from "node:fs/promises";
import { ArchgenError } from "@archgen/errors";
import type { NamedArray } from "./model.js";

interface HeaderEntry {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly data_offsets: readonly [number, number];
}

/** Arrays of a safetensors file with the text metadata stored beside them. */
export interface TensorFile {
	readonly tensors: ReadonlyMap<string, { readonly data: Float32Array; readonly shape: readonly number[] }>;
	readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes float arrays in the safetensors format (an 8-byte length, a JSON header, the raw data), under a temporary name
 * first, so that a crash leaves the old file or the new one, never half of it.
 */
export async function saveTensors(
	path: string,
	tensors: ReadonlyMap<string, NamedArray>,
	metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
	let offset = 0;
	const header: Record<string, unknown> = { __metadata__: metadata };
	for (const [name, { data, shape }] of tensors) {
		header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] };
		offset += data.byteLength;
	}
	const text = Buffer.from(JSON.stringify(header));
	const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, " ")]);
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(padded.length));
	const parts = [...tensors.values()].map(({ data }) =>
		Buffer.from(data.buffer, data.byteOffset, data.byteLength),
	);
	await writeFile(`${path}.partial`, Buffer.concat([length, padded, ...parts]));
	await rename(`${path}.partial`, path);
}

/** Reads a safetensors file of float32 arrays. */
export async function loadTensors(path: string): Promise<TensorFile> {
	const bytes = await readFile(path);
	const headerLength = bytes.length >= 8 ? Number(bytes.readBigUInt64LE(0)) : Number.POSITIVE_INFINITY;
	if (8 + headerLength > bytes.length) throw damaged(path, "its header is cut off");
	const { __metadata__: metadata = {}, ...entries } = JSON.parse(
		bytes.toString("utf8", 8, 8 + headerLength),
	) as Record<string, HeaderEntry> & { __metadata__?: Record<string, string> };
	const tensors = new Map<string, { data: Float32Array; shape: readonly number[] }>();
	for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries)) {
		const [from, to] = data_offsets.map((offset) => 8 + headerLength + offset) as [number, number];
		if (dtype !== "F32" || to > bytes.length)
			throw damaged(path, `tensor "${name}" is not complete float32 data`);
		// copied, because a Float32Array must start at a multiple of 4 of its buffer
		tensors.set(name, { data: new Float32Array(Uint8Array.from(bytes.subarray(from, to)).buffer), shape });
	}
	return { tensors, metadata };
}

function damaged(path: string, what: string): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "TENSOR_FILE_DAMAGED",
		message: `${path} cannot be read: ${what}. Restore it from its source.`,
	});
}
