import { type ArchgenError, invalidArgument } from "@archgen/errors";
import { type Literal, parseLiteral } from "./python-literal.js";

/** What the header of a `.npy` file says. */
export interface NpyHeader {
	/** Kind of element without byte order: `f4`, `i8`, `u1`, `b1`, … */
	readonly element: string;
	readonly bigEndian: boolean;
	/** Whether the first index runs fastest. */
	readonly fortranOrder: boolean;
	readonly shape: readonly number[];
	/** Where the data begins. */
	readonly offset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"
/** Version → bytes of the header's length, and encoding of the header. */
const VERSIONS = new Map<number, { readonly lengthBytes: 2 | 4; readonly encoding: string }>([
	[1, { lengthBytes: 2, encoding: "latin1" }],
	[2, { lengthBytes: 4, encoding: "latin1" }],
	[3, { lengthBytes: 4, encoding: "utf-8" }],
]);
const KEYS = ["descr", "fortran_order", "shape"] as const;

/** NumPy's own names of elements, which a header may have in place of kind and size. */
const NAMES: Readonly<Record<string, string>> = {
	float16: "f2",
	float32: "f4",
	float64: "f8",
	int8: "i1",
	int16: "i2",
	int32: "i4",
	int64: "i8",
	uint8: "u1",
	uint16: "u2",
	uint32: "u4",
	uint64: "u8",
	bool: "b1",
	"?": "b1",
};

/** Elements that are no numbers, by the letter of their kind. */
const KINDS: Readonly<Record<string, string>> = {
	O: "Python objects (a pickle); save numbers with x.astype(numpy.float32)",
	c: "complex numbers; save their real part",
	U: "text; save numbers",
	S: "bytes of text; save numbers",
	a: "bytes of text; save numbers",
	M: "dates; save numbers",
	m: "durations; save numbers",
	V: "raw records or a type that NumPy does not know; save x.astype(numpy.float32)",
};

/**
 * Reads the header of a `.npy` file as `numpy.load` does: format versions 1 to 3, both byte orders, both memory orders, headers of Python 2.
 *
 * @param field names the file in errors
 * @throws ArchgenError INVALID_ARGUMENT `NPY_MALFORMED`, `NPY_UNSUPPORTED` for elements that are no real numbers, `TRUNCATED_FILE`
 */
export function readNpyHeader(file: Uint8Array, field: string): NpyHeader {
	if (MAGIC.some((byte, i) => file[i] !== byte)) throw npyError("NPY_MALFORMED", "not a .npy file", field);
	const major = file[6] ?? 1;
	const version = VERSIONS.get(major);
	if (version === undefined)
		throw npyError("NPY_UNSUPPORTED", `.npy format ${major}.${file[7]} is unknown; there are 1 to 3`, field);
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	const start = 8 + version.lengthBytes;
	if (file.byteLength < start) throw npyError("TRUNCATED_FILE", "the file ends inside its header", field);
	const offset = start + (version.lengthBytes === 4 ? view.getUint32(8, true) : view.getUint16(8, true));
	if (file.byteLength < offset) throw npyError("TRUNCATED_FILE", "the file ends inside its header", field);
	const text = new TextDecoder(version.encoding).decode(file.subarray(start, offset));
	return { ...parseHeader(text, field), offset };
}

function parseHeader(text: string, field: string): Omit<NpyHeader, "offset"> {
	const header = parseLiteral(text);
	if (!(header instanceof Map) || KEYS.some((key) => !header.has(key)))
		throw npyError("NPY_MALFORMED", `the header lacks ${KEYS.join(", ")} or is no dictionary`, field);
	const { descr, fortran_order, shape } = Object.fromEntries(header) as Record<string, Literal>;
	if (typeof fortran_order !== "boolean")
		throw npyError("NPY_MALFORMED", "fortran_order must be True or False", field);
	return { ...elementOf(descr!, field), fortranOrder: fortran_order, shape: shapeOf(shape!, field) };
}

function shapeOf(shape: Literal, field: string): number[] {
	const isDim = (dim: Literal): dim is number => Number.isSafeInteger(dim) && (dim as number) >= 0;
	if (Array.isArray(shape) && shape.every(isDim)) return shape;
	throw npyError("NPY_MALFORMED", "shape must be a tuple of whole numbers", field);
}

function elementOf(descr: Literal, field: string): { element: string; bigEndian: boolean } {
	if (typeof descr !== "string")
		throw npyError("NPY_UNSUPPORTED", "structured arrays are not supported; save one field of it", field);
	const [, order = "", name = ""] = /^([<>=|]?)(.*)$/s.exec(descr) ?? [];
	const element = NAMES[name] ?? name;
	const kind = KINDS[element[0] ?? ""];
	if (kind !== undefined)
		throw npyError("NPY_UNSUPPORTED", `element type ${descr} is not supported: ${kind}`, field);
	return { element, bigEndian: order === ">" };
}

/** INVALID_ARGUMENT about a `.npy` file. */
export function npyError(reason: string, description: string, field = "array"): ArchgenError {
	return invalidArgument(field, description, reason);
}
