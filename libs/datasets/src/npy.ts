import { type ArchgenError, invalidArgument } from "@archgen/errors";

/** Element types that are read and written, by their NumPy name. */
export interface NpyData {
	float32: Float32Array;
	float64: Float64Array;
	int32: Int32Array;
	int64: BigInt64Array;
	uint8: Uint8Array;
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
	readonly descriptor: string;
	readonly bytes: number;
	view(buffer: ArrayBuffer): NpyData[K];
}

const DTYPES: { readonly [K in NpyDType]: DTypeSpec<K> } = {
	float32: { descriptor: "<f4", bytes: 4, view: (buffer) => new Float32Array(buffer) },
	float64: { descriptor: "<f8", bytes: 8, view: (buffer) => new Float64Array(buffer) },
	int32: { descriptor: "<i4", bytes: 4, view: (buffer) => new Int32Array(buffer) },
	int64: { descriptor: "<i8", bytes: 8, view: (buffer) => new BigInt64Array(buffer) },
	uint8: { descriptor: "|u1", bytes: 1, view: (buffer) => new Uint8Array(buffer) },
	bool: { descriptor: "|b1", bytes: 1, view: (buffer) => new Uint8Array(buffer) },
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"
const ALIGNMENT = 64;

/**
 * NumPy's `.npy` format, version 1.0 (little-endian, row-major), as `numpy.load` reads it.
 * Throws INVALID_ARGUMENT with reason `NPY_SHAPE_MISMATCH` when shape and data disagree.
 */
export function encodeNpy(array: NpyArray): Uint8Array {
	const { descriptor, bytes } = DTYPES[array.dtype];
	const count = array.shape.reduce((product, dim) => product * dim, 1);
	if (count !== array.data.length) {
		throw npyError(
			"NPY_SHAPE_MISMATCH",
			`shape [${array.shape}] holds ${count} values, not ${array.data.length}`,
		);
	}
	const tuple = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(", ");
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
 * Reads a `.npy` file (format versions 1–3, little-endian, row-major).
 *
 * Throws INVALID_ARGUMENT with reason `NPY_MALFORMED`, `NPY_UNSUPPORTED` (Fortran order, other element types)
 * or `TRUNCATED_FILE`; `field` names the file in the error.
 */
export function decodeNpy(file: Uint8Array, field = "npy"): NpyArray {
	const { dtype, shape, offset } = readHeader(file, field);
	const spec = DTYPES[dtype];
	const size = shape.reduce((product, dim) => product * dim, 1) * spec.bytes;
	if (file.byteLength - offset !== size) {
		const problem = `the header announces ${size} bytes of data but the file holds ${file.byteLength - offset}`;
		throw file.byteLength - offset < size
			? npyError("TRUNCATED_FILE", problem, field)
			: npyError("NPY_MALFORMED", problem, field);
	}
	return { dtype, shape, data: spec.view(file.slice(offset).buffer as ArrayBuffer) };
}

function readHeader(file: Uint8Array, field: string) {
	if (MAGIC.some((byte, i) => file[i] !== byte)) throw npyError("NPY_MALFORMED", "not a .npy file", field);
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	const wide = (file[6] ?? 0) >= 2; // versions 2 and 3 have a 4-byte header length
	const start = wide ? 12 : 10;
	if (file.byteLength < start) throw npyError("TRUNCATED_FILE", "the file ends inside its header", field);
	const offset = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
	if (file.byteLength < offset) throw npyError("TRUNCATED_FILE", "the file ends inside its header", field);
	const text = new TextDecoder().decode(file.subarray(start, offset));
	return { ...parseHeader(text, field), offset };
}

function parseHeader(text: string, field: string): { dtype: NpyDType; shape: number[] } {
	const descriptor = /'descr':\s*'([^']+)'/.exec(text)?.[1];
	const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
	const tuple = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
	if (descriptor === undefined || fortran === undefined || tuple === undefined) {
		throw npyError("NPY_MALFORMED", "the header lacks descr, fortran_order or shape", field);
	}
	const names = Object.keys(DTYPES) as NpyDType[];
	const dtype = names.find((name) => DTYPES[name].descriptor === descriptor);
	if (dtype === undefined) {
		const known = names.map((name) => DTYPES[name].descriptor).join(", ");
		throw npyError(
			"NPY_UNSUPPORTED",
			`element type ${descriptor} is not supported; use one of ${known}`,
			field,
		);
	}
	const shape = tuple.split(",").filter((part) => part.trim() !== "");
	if (fortran === "True" && shape.length > 1) {
		throw npyError(
			"NPY_UNSUPPORTED",
			"Fortran order is not supported; save numpy.ascontiguousarray(x)",
			field,
		);
	}
	return { dtype, shape: shape.map(Number) };
}

function npyError(reason: string, description: string, field = "array"): ArchgenError {
	return invalidArgument(field, description, reason);
}
