import { writeWhole } from "@archgen/files";
import type { NamedArray } from "./model.js";
import { damagedTensors, withTensorFile } from "./tensor-file.js";

/** Arrays of a safetensors file with the text metadata stored beside them. */
export interface TensorFile {
	readonly tensors: ReadonlyMap<string, { readonly data: Float32Array; readonly shape: readonly number[] }>;
	readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes float arrays in the safetensors format (an 8-byte length, a JSON header, the raw data), under a temporary name
 * first, so that a crash leaves the old file or the new one, never half of it.
 *
 * @throws TypeError for data of another element type
 */
export async function saveTensors(
	path: string,
	tensors: ReadonlyMap<string, NamedArray>,
	metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
	let offset = 0;
	const header: Record<string, unknown> = { __metadata__: metadata };
	for (const [name, { data, shape }] of tensors) {
		if (!(data instanceof Float32Array)) throw new TypeError(`"${name}" is not float32 data`);
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
	await writeWhole(path, Buffer.concat([length, padded, ...parts]));
}

export interface LoadTensorsOptions {
	/** Tensors wanted; the others may have any element type. All of them unless given. */
	readonly names?: readonly string[];
}

/**
 * Reads float32 arrays from a safetensors file.
 *
 * @throws ArchgenError TENSOR_FILE_DAMAGED for a file that is cut off, has another format or lacks a wanted tensor
 */
export function loadTensors(path: string, { names }: LoadTensorsOptions = {}): Promise<TensorFile> {
	return withTensorFile(path, async ({ entries, metadata, read }) => {
		const tensors = new Map<string, { data: Float32Array; shape: readonly number[] }>();
		for (const name of names ?? entries.keys()) {
			const entry = entries.get(name);
			if (entry?.dtype !== "F32") throw damagedTensors(path, `tensor "${name}" is not complete float32 data`);
			tensors.set(name, { data: await read(name), shape: entry.shape });
		}
		return { tensors, metadata };
	});
}
