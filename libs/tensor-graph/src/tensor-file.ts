import { type FileHandle, open } from "node:fs/promises";
import { ArchgenError } from "@archgen/errors";
import { bfloat16ToFloat32, float16ToFloat32, parseJson } from "@archgen/files";
import { z } from "zod";

/** Bytes of an element by safetensors' name of its type. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
	...{ C64: 8, F64: 8, I64: 8, U64: 8, F32: 4, I32: 4, U32: 4 },
	...{ F16: 2, BF16: 2, I16: 2, U16: 2, F8_E4M3: 1, F8_E5M2: 1, I8: 1, U8: 1, BOOL: 1 },
};

/** Floating-point types that can be read as float32, by safetensors' name. */
const CONVERSIONS: Readonly<Record<string, (bytes: Buffer) => Float32Array>> = {
	F64: (bytes) => Float32Array.from(new Float64Array(bytes.buffer as ArrayBuffer)),
	F32: (bytes) => new Float32Array(bytes.buffer as ArrayBuffer),
	F16: float16ToFloat32,
	BF16: bfloat16ToFloat32,
};

/** A header beyond this is no header; safetensors itself draws the line here. */
const LONGEST_HEADER = 100_000_000;

const whole = z.int().nonnegative();
const entrySchema = z.object({
	dtype: z.string(),
	shape: z.array(whole),
	data_offsets: z.tuple([whole, whole]),
});
const headerSchema = z.record(z.string(), z.unknown());
const metadataSchema = z.record(z.string(), z.string());

/** Place of a tensor in a file. */
export interface TensorEntry {
	/** Element type by safetensors' name, e.g. `BF16`. */
	readonly dtype: string;
	readonly shape: readonly number[];
	/** First byte and the byte behind the last, from the start of the data. */
	readonly offsets: readonly [number, number];
}

/** A safetensors file while it is open. */
export interface OpenTensors {
	readonly entries: ReadonlyMap<string, TensorEntry>;
	readonly metadata: Readonly<Record<string, string>>;
	/** Whether a tensor holds floating-point numbers that can be read as float32. */
	isFloat(name: string): boolean;
	/** Values of a tensor that `isFloat`, float64, float16 and bfloat16 converted. */
	read(name: string): Promise<Float32Array>;
}

/**
 * Opens a safetensors file, checks its whole header, and closes it when `use` is done.
 *
 * @throws ArchgenError DATA_LOSS `TENSOR_FILE_DAMAGED` for a file that is cut off or whose header is wrong; what the file system says
 */
export async function withTensorFile<T>(path: string, use: (file: OpenTensors) => Promise<T>): Promise<T> {
	const file = await open(path);
	try {
		return await use(await openTensors(file, path));
	} finally {
		await file.close();
	}
}

async function openTensors(file: FileHandle, path: string): Promise<OpenTensors> {
	const { size } = await file.stat();
	const length =
		size < 8 ? Number.POSITIVE_INFINITY : Number((await readExactly(file, path, 0, 8)).readBigUInt64LE());
	if (length > Math.min(LONGEST_HEADER, size - 8)) throw damagedTensors(path, "its header is cut off");
	const text = (await readExactly(file, path, 8, length)).toString("utf8");
	const { metadata, entries } = parseHeader(path, text, size - 8 - length);
	const entryOf = (name: string) => {
		const entry = entries.get(name);
		if (entry === undefined) throw damagedTensors(path, `it has no tensor "${name}"`);
		return entry;
	};
	return {
		entries,
		metadata,
		isFloat: (name) => entryOf(name).dtype in CONVERSIONS,
		read: async (name) => {
			const { dtype, offsets } = entryOf(name);
			const [from, to] = offsets;
			return CONVERSIONS[dtype]!(await readExactly(file, path, 8 + length + from, to - from));
		},
	};
}

function parseHeader(path: string, text: string, dataBytes: number) {
	let json: unknown;
	try {
		json = parseJson(text);
	} catch {
		throw damagedTensors(path, "its header is not JSON");
	}
	const { __metadata__, ...rest } = headerSchema.safeParse(json).data ?? {};
	const metadata = metadataSchema.safeParse(__metadata__ ?? {});
	if (!headerSchema.safeParse(json).success || !metadata.success)
		throw damagedTensors(path, "its header is no safetensors header");
	const entries = new Map(Object.entries(rest).map(([name, entry]) => [name, parseEntry(path, name, entry)]));
	checkLayout(path, entries, dataBytes);
	return { metadata: metadata.data, entries };
}

function parseEntry(path: string, name: string, json: unknown): TensorEntry {
	const { data } = entrySchema.safeParse(json);
	if (data === undefined) throw damagedTensors(path, `the entry of tensor "${name}" is malformed`);
	const { dtype, shape, data_offsets: offsets } = data;
	const bytes = ELEMENT_BYTES[dtype];
	const length = offsets[1] - offsets[0];
	const expected = bytes === undefined ? length : shape.reduce((product, dim) => product * dim, bytes);
	if (length < 0 || length !== expected)
		throw damagedTensors(path, `tensor "${name}" has ${length} bytes, its shape needs ${expected}`);
	return { dtype, shape, offsets };
}

/** Tensors lie behind each other without gaps, up to the end of the file. */
function checkLayout(path: string, entries: ReadonlyMap<string, TensorEntry>, dataBytes: number): void {
	let end = 0;
	const byStart = [...entries].sort(
		([, a], [, b]) => a.offsets[0] - b.offsets[0] || a.offsets[1] - b.offsets[1],
	);
	for (const [name, { offsets }] of byStart) {
		if (offsets[0] !== end)
			throw damagedTensors(path, `tensor "${name}" does not begin where the one before it ends`);
		end = offsets[1];
	}
	if (end !== dataBytes)
		throw damagedTensors(path, `it has ${dataBytes} bytes of data, its header announces ${end}`);
}

async function readExactly(
	file: FileHandle,
	path: string,
	position: number,
	length: number,
): Promise<Buffer> {
	// a buffer of its own, because a Float32Array must start at a multiple of 4
	const bytes = Buffer.from(new ArrayBuffer(length));
	for (let done = 0; done < length; ) {
		const { bytesRead } = await file.read(bytes, done, length - done, position + done);
		if (bytesRead === 0) throw damagedTensors(path, "it is cut off");
		done += bytesRead;
	}
	return bytes;
}

/** DATA_LOSS `TENSOR_FILE_DAMAGED` naming the file. */
export function damagedTensors(path: string, what: string): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "TENSOR_FILE_DAMAGED",
		message: `${path} cannot be read: ${what}. Restore it from its source.`,
	});
}
