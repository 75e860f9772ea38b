import { float16ToFloat32 } from "@archgen/files";
import { npyError, readNpyHeader } from "./npy-header.js";

/** Element types that are read and written, by their NumPy name. */
export interface NpyData {
	float32: Float32Array;
	float64: Float64Array;
	int8: Int8Array;
	int16: Int16Array;
	int32: Int32Array;
	int64: BigInt64Array;
	uint8: Uint8Array;
	uint16: Uint16Array;
	uint32: Uint32Array;
	uint64: BigUint64Array;
	bool: Uint8Array;
}
export type NpyDType = keyof NpyData;

/** A dense array in row-major order. */
export interface NpyArray {
	readonly dtype: NpyDType;
	readonly shape: readonly number[];
	readonly data: NpyData[NpyDType];
}

interface DTypeSpec<K extends NpyDType> {
	/** Kind and size, as in the header. */
	readonly element: string;
	readonly bytes: number;
	view(buffer: ArrayBuffer): NpyData[K];
}

const DTYPES: { readonly [K in NpyDType]: DTypeSpec<K> } = {
	float32: { element: "f4", bytes: 4, view: (buffer) => new Float32Array(buffer) },
	float64: { element: "f8", bytes: 8, view: (buffer) => new Float64Array(buffer) },
	int8: { element: "i1", bytes: 1, view: (buffer) => new Int8Array(buffer) },
	int16: { element: "i2", bytes: 2, view: (buffer) => new Int16Array(buffer) },
	int32: { element: "i4", bytes: 4, view: (buffer) => new Int32Array(buffer) },
	int64: { element: "i8", bytes: 8, view: (buffer) => new BigInt64Array(buffer) },
	uint8: { element: "u1", bytes: 1, view: (buffer) => new Uint8Array(buffer) },
	uint16: { element: "u2", bytes: 2, view: (buffer) => new Uint16Array(buffer) },
	uint32: { element: "u4", bytes: 4, view: (buffer) => new Uint32Array(buffer) },
	uint64: { element: "u8", bytes: 8, view: (buffer) => new BigUint64Array(buffer) },
	bool: { element: "b1", bytes: 1, view: (buffer) => new Uint8Array(buffer) },
};

/** Half precision has no array type of its own in Node 20; it is read as float32, which holds every value of it. */
const HALF = "f2";
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"
const ALIGNMENT = 64;

/**
 * NumPy's `.npy` format, version 1.0 (little-endian, row-major), as `numpy.load` reads it.
 * Throws INVALID_ARGUMENT with reason `NPY_SHAPE_MISMATCH` when shape and data disagree.
 */
export function encodeNpy(array: NpyArray): Uint8Array {
	const { element, bytes } = DTYPES[array.dtype];
	const count = sizeOf(array.shape);
	if (count !== array.data.length) {
		throw npyError(
			"NPY_SHAPE_MISMATCH",
			`shape [${array.shape}] holds ${count} values, not ${array.data.length}`,
		);
	}
	const tuple = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(", ");
	const descriptor = `${bytes === 1 ? "|" : "<"}${element}`;
	const text = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${tuple}), }`;
	// The header is padded so that the data starts aligned; it ends with a newline.
	const headerLength = Math.ceil((10 + text.length + 1) / ALIGNMENT) * ALIGNMENT - 10;
	const file = new Uint8Array(10 + headerLength + count * bytes);
	file.set(MAGIC);
	file.set([1, 0, headerLength & 0xff, headerLength >> 8], 6);
	file.set(new TextEncoder().encode(`${text.padEnd(headerLength - 1)}\n`), 10);
	const { buffer, byteOffset, byteLength } = array.data;
	file.set(new Uint8Array(buffer, byteOffset, byteLength), 10 + headerLength);
	return file;
}

/**
 * Reads a `.npy` file of real numbers or truth values: format versions 1–3, either byte order, row- or column-major (the result is
 * row-major). float16 comes as float32.
 *
 * Throws INVALID_ARGUMENT with reason `NPY_MALFORMED`, `NPY_UNSUPPORTED` (elements that are no real numbers) or `TRUNCATED_FILE`; `field`
 * names the file in the error.
 */
export function decodeNpy(file: Uint8Array, field = "npy"): NpyArray {
	const { element, bigEndian, fortranOrder, shape, offset } = readNpyHeader(file, field);
	const dtype = dtypeOf(element, field);
	const bytes = element === HALF ? 2 : DTYPES[dtype].bytes;
	const size = sizeOf(shape) * bytes;
	if (file.byteLength - offset !== size) {
		const problem = `the header announces ${size} bytes of data but the file holds ${file.byteLength - offset}`;
		throw npyError(file.byteLength - offset < size ? "TRUNCATED_FILE" : "NPY_MALFORMED", problem, field);
	}
	const raw = Buffer.from(Uint8Array.from(file.subarray(offset)).buffer);
	if (bigEndian) swap(raw, bytes);
	const buffer = (element === HALF ? float16ToFloat32(raw) : raw).buffer as ArrayBuffer;
	const data = DTYPES[dtype].view(buffer);
	return { dtype, shape, data: fortranOrder ? toRowMajor(data, shape) : data };
}

function dtypeOf(element: string, field: string): NpyDType {
	if (element === HALF) return "float32";
	const names = Object.keys(DTYPES) as NpyDType[];
	const dtype = names.find((name) => DTYPES[name].element === element);
	if (dtype !== undefined) return dtype;
	const known = [HALF, ...names.map((name) => DTYPES[name].element)].join(", ");
	throw npyError("NPY_UNSUPPORTED", `element type ${element} is not supported; use one of ${known}`, field);
}

function sizeOf(shape: readonly number[]): number {
	return shape.includes(0) ? 0 : shape.reduce((product, dim) => product * dim, 1);
}

function swap(raw: Buffer, bytes: number): void {
	if (bytes === 2) raw.swap16();
	if (bytes === 4) raw.swap32();
	if (bytes === 8) raw.swap64();
}

/** The same array with the last index running fastest in place of the first. */
function toRowMajor<T extends NpyData[NpyDType]>(data: T, shape: readonly number[]): T {
	const result = data.slice() as T;
	const index = shape.map(() => 0);
	// how far one step of an index goes in the source
	const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
	let from = 0;
	for (let to = 0; to < result.length; to++) {
		result[to] = data[from]!;
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			from += strides[axis]!;
			index[axis]!++;
			if (index[axis]! < shape[axis]!) break;
			from -= strides[axis]! * shape[axis]!;
			index[axis] = 0;
		}
	}
	return result;
}
