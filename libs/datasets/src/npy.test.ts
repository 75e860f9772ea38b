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

function withHeader(header: string): Uint8Array {
	const bytes = Buffer.concat([Buffer.from("934e554d505901000000", "hex"), Buffer.from(header)]);
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
			"big-endian",
			withHeader("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}\n"),
			"NPY_UNSUPPORTED",
		],
		[
			"pickled objects",
			withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n"),
			"NPY_UNSUPPORTED",
		],
		[
			"Fortran order",
			withHeader("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}\n"),
			"NPY_UNSUPPORTED",
		],
		["trailing bytes", Buffer.concat([Buffer.from(NUMPY_ARANGE3, "hex"), Buffer.alloc(1)]), "NPY_MALFORMED"],
	])("refuses %s", (_, file, reason) => {
		expect(() => decodeNpy(file)).toThrow(expect.objectContaining({ reason }));
	});

	it("refuses to write data that does not fill the shape", () => {
		const array: NpyArray = { dtype: "uint8", shape: [2, 2], data: new Uint8Array(3) };
		expect(() => encodeNpy(array)).toThrow(expect.objectContaining({ reason: "NPY_SHAPE_MISMATCH" }));
	});
});
