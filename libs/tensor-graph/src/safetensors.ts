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
	await writeFile(`${path}.partial`, Buffer.concat([length, padded, ...parts]));
	await rename(`${path}.partial`, path);
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
export async function loadTensors(path: string, { names }: LoadTensorsOptions = {}): Promise<TensorFile> {
	const bytes = await readFile(path);
	const start = bytes.length >= 8 ? 8 + Number(bytes.readBigUInt64LE(0)) : Number.POSITIVE_INFINITY;
	if (start > bytes.length) throw damaged(path, "its header is cut off");
	const { __metadata__: metadata = {}, ...entries } = parseHeader(path, bytes.toString("utf8", 8, start));
	const tensors = new Map<string, { data: Float32Array; shape: readonly number[] }>();
	for (const name of names ?? Object.keys(entries)) {
		const entry = entries[name];
		const [from, to] = entry?.data_offsets ?? [0, 0];
		const length = entry?.shape.reduce((product, dim) => product * dim, 4);
		if (entry?.dtype !== "F32" || to - from !== length || from < 0 || start + to > bytes.length)
			throw damaged(path, `tensor "${name}" is not complete float32 data`);
		// copied, because a Float32Array must start at a multiple of 4 of its buffer
		const data = new Float32Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer);
		tensors.set(name, { data, shape: entry.shape });
	}
	return { tensors, metadata };
}

type Header = Readonly<Record<string, HeaderEntry>> & {
	readonly __metadata__?: Readonly<Record<string, string>>;
};

function parseHeader(path: string, text: string): Header {
	try {
		return JSON.parse(text) as Header;
	} catch {
		throw damaged(path, "its header is not JSON");
	}
}

function damaged(path: string, what: string): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "TENSOR_FILE_DAMAGED",
		message: `${path} cannot be read: ${what}. Restore it from its source.`,
	});
}
