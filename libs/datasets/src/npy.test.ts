import { ArchgenError } from "@archgen/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeNpy, encodeNpy, type NpyArray } from "./npy.js";

const arrays: fc.Arbitrary<NpyArray> = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
	const count = shape.reduce((product, dim) => product * dim, 1);
	const exactly = { minLength: count, maxLength: count };
	return fc.oneof(
		fc.float32Array(exactly).map((data) => ({ dtype: "float32" as const, shape, data })),
		fc.float64Array(exactly).map((data) => ({ dtype: "float64" as const, shape, data })),
		fc.bigInt64Array(exactly).map((data) => ({ dtype: "int64" as const, shape, data })),
		fc.int32Array(exactly).map((data) => ({ dtype: "int32" as const, shape, data })),
		fc.uint8Array(exactly).map((data) => ({ dtype: "uint8" as const, shape, data })),
	);
});

/** What numpy 1.26 writes for np.arange(3, dtype="<f4"). */
const NUMPY_ARANGE3 =
	"934e554d505901007600" +
	Buffer.from(`${"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".padEnd(117)}\n`).toString(
		"hex",
	) +
	"000000000000803f00000040";

function withHeader(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
	const bytes = Buffer.concat([Buffer.from("934e554d505901000000", "hex"), Buffer.from(header), data]);
	bytes.writeUInt16LE(header.length, 8);
	return bytes;
}

describe("npy", () => {
	it("reads back what it wrote, with data aligned to 64 bytes", () => {
		fc.assert(
			fc.property(arrays, (array) => {
				const file = encodeNpy(array);
				expect((10 + file[8]! + 256 * file[9]!) % 64).toBe(0);
				expect(decodeNpy(file)).toEqual(array);
			}),
		);
	});

	it("writes the very bytes that NumPy writes", () => {
		const file = encodeNpy({ dtype: "float32", shape: [3], data: new Float32Array([0, 1, 2]) });
		expect(Buffer.from(file).toString("hex")).toBe(NUMPY_ARANGE3);
	});

	it("names a truncation at every length", () => {
		const file = encodeNpy({ dtype: "int64", shape: [2], data: new BigInt64Array([1n, -2n]) });
		for (let length = 6; length < file.length; length++) {
			expect(() => decodeNpy(file.subarray(0, length), "labels")).toThrow(
				expect.objectContaining({
					reason: "TRUNCATED_FILE",
					violations: [expect.objectContaining({ field: "labels" })],
				}),
			);
		}
	});

	it.each([
		["no magic", new Uint8Array(80), "NPY_MALFORMED"],
		["no shape", withHeader("{'descr': '<f4', 'fortran_order': False}\n"), "NPY_MALFORMED"],
		[
			"pickled objects",
			withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n"),
			"NPY_UNSUPPORTED",
		],
		["text", withHeader("{'descr': '<U2', 'fortran_order': False, 'shape': (1,)}"), "NPY_UNSUPPORTED"],
		[
			"complex numbers",
			withHeader("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}"),
			"NPY_UNSUPPORTED",
		],
		[
			"records",
			withHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
			"NPY_UNSUPPORTED",
		],
		[
			"a negative size",
			withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"),
			"NPY_MALFORMED",
		],
		["code", withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (f(),)}"), "NPY_MALFORMED"],
		["format 4", Buffer.from("934e554d50590400", "hex"), "NPY_UNSUPPORTED"],
		["trailing bytes", Buffer.concat([Buffer.from(NUMPY_ARANGE3, "hex"), Buffer.alloc(1)]), "NPY_MALFORMED"],
	])("refuses %s", (_, file, reason) => {
		expect(() => decodeNpy(file)).toThrow(expect.objectContaining({ reason }));
	});

	it("reads the shape as Python 2 wrote it, and keys in any order and quotes", () => {
		const data = Buffer.from(Float32Array.of(1, 2).buffer);
		const header = `{"shape": (2L, 1L), u'fortran_order': False, b"descr": "<f4"}\n`;
		expect(decodeNpy(withHeader(header, data))).toEqual({
			dtype: "float32",
			shape: [2, 1],
			data: Float32Array.of(1, 2),
		});
	});

	it("reads versions 2 and 3, whose header has a longer length", () => {
		for (const version of [2, 3]) {
			const header = Buffer.from("{'descr': '|u1', 'fortran_order': False, 'shape': (), }\n");
			const length = Buffer.alloc(4);
			length.writeUInt32LE(header.length);
			const magic = Buffer.from([0x93, ...Buffer.from("NUMPY"), version, 0]);
			const file = Buffer.concat([magic, length, header, Buffer.of(7)]);
			expect(decodeNpy(file)).toEqual({ dtype: "uint8", shape: [], data: Uint8Array.of(7) });
		}
	});

	it("reads big-endian numbers of every size", () => {
		const read = (descr: string, bytes: number[]) =>
			decodeNpy(
				withHeader(`{'descr': '${descr}', 'fortran_order': False, 'shape': (1,)}`, Uint8Array.from(bytes)),
			).data[0];
		expect(read(">i2", [1, 2])).toBe(258);
		expect(read(">u4", [0, 0, 1, 2])).toBe(258);
		expect(read(">i8", [255, 255, 255, 255, 255, 255, 255, 254])).toBe(-2n);
		expect(read(">f4", [0x3f, 0x80, 0, 0])).toBe(1);
		expect(read(">f2", [0x3c, 0])).toBe(1);
	});

	it("reads every half-precision number as the float that it is", () => {
		const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
		const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (65536,)}";
		const { data } = decodeNpy(withHeader(header, new Uint8Array(bits.buffer)));
		// largest, smallest subnormal, one third rounded, infinities, and the steps between neighbours
		expect([data[0x7bff], data[1], data[0x3555], data[0x7c00], data[0xfc00]]).toEqual([
			65504,
			2 ** -24,
			0.333251953125,
			Infinity,
			-Infinity,
		]);
		for (let i = 1; i < 0x7c00; i++) expect(data[i]! > data[i - 1]!).toBe(true);
	});

	it("puts column-major arrays into row-major order", () => {
		fc.assert(
			fc.property(arrays, ({ dtype, shape, data }) => {
				// the transpose of a row-major array, written as it lies, is column-major in the reversed shape
				const reversed = [...shape].reverse();
				const file = encodeNpy({ dtype, shape, data });
				const text = Buffer.from(file).toString("latin1");
				const tuple = reversed.length === 1 ? `${reversed[0]},` : reversed.join(", ");
				const fortran = text
					.replace("'fortran_order': False", "'fortran_order': True ")
					.replace(/\([^)]*\)/, `(${tuple})`);
				const back = decodeNpy(Buffer.from(fortran, "latin1"));
				expect(back.shape).toEqual(reversed);
				const at = (values: typeof data, sizes: readonly number[], index: readonly number[]) =>
					values[index.reduce((flat, i, axis) => flat * sizes[axis]! + i, 0)];
				const indices = shape.reduce<number[][]>(
					(all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
					[[]],
				);
				for (const index of indices)
					expect(at(back.data, reversed, [...index].reverse())).toEqual(at(data, shape, index));
			}),
		);
	});

	it("gives an array or names what is wrong, whatever the bytes", () => {
		const valid = Buffer.from(encodeNpy({ dtype: "int32", shape: [2], data: Int32Array.of(1, 2) }));
		const damaged = fc
			.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
			.map((changes) => {
				const bytes = Buffer.from(valid);
				for (const [at, value] of changes) bytes[at] = value;
				return bytes;
			});
		const headers = fc
			.string({ unit: fc.constantFrom(..."{}()[],:'\"\\ TrueFalsedescshape<>f48LNone_-") })
			.map((header) => withHeader(header));
		fc.assert(
			fc.property(fc.oneof(fc.uint8Array(), damaged, headers), (bytes) => {
				try {
					decodeNpy(bytes);
				} catch (error) {
					expect(error).toBeInstanceOf(ArchgenError);
					expect((error as ArchgenError).violations[0]?.field).toBe("npy");
				}
			}),
			{ numRuns: 1000 },
		);
	});

	it("refuses to write data that does not fill the shape", () => {
		const array: NpyArray = { dtype: "uint8", shape: [2, 2], data: new Uint8Array(3) };
		expect(() => encodeNpy(array)).toThrow(expect.objectContaining({ reason: "NPY_SHAPE_MISMATCH" }));
	});
});
