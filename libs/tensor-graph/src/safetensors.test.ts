import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { loadTensors, saveTensors } from "./safetensors.js";

const folder = await mkdtemp(join(tmpdir(), "safetensors-"));
afterAll(() => rm(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

const example = new Map([
	["scale", { data: Float32Array.of(Math.PI), shape: [] }],
	["weight", { data: Float32Array.from([1, -2, 3e-30, 4, Number.NaN, -0]), shape: [2, 3] }],
]);

/** A file with this header and so many zero bytes of data. */
function written(header: unknown, dataBytes: number): Buffer {
	const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(text.length));
	return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

describe("safetensors", () => {
	it("gives back names, shapes, bits and metadata", async () => {
		await saveTensors(file("example"), example, { step: "12" });
		const { tensors, metadata } = await loadTensors(file("example"));
		expect([...tensors]).toEqual([...example]);
		expect(metadata).toEqual({ step: "12" });
		await expect(readFile(file("example.partial"))).rejects.toThrow("ENOENT");
	});

	it("gives back any arrays", async () => {
		const array = fc.float32Array({ maxLength: 20 }).map((data) => ({ data, shape: [data.length] }));
		const names = fc
			.string({ minLength: 1 })
			.filter((name) => name !== "__metadata__" && name !== "__proto__");
		await fc.assert(
			fc.asyncProperty(fc.array(fc.tuple(names, array), { maxLength: 4 }), async (entries) => {
				const arrays = new Map(entries);
				await saveTensors(file("any"), arrays);
				const { tensors } = await loadTensors(file("any"));
				expect(new Set(tensors.keys())).toEqual(new Set(arrays.keys()));
				for (const [name, value] of arrays) expect(tensors.get(name)).toEqual(value);
			}),
			{ numRuns: 30 },
		);
	});

	it("refuses a file cut off anywhere", async () => {
		await saveTensors(file("whole"), example);
		const bytes = await readFile(file("whole"));
		for (const length of [0, 5, 8, 40, bytes.length - 24, bytes.length - 1]) {
			await writeFile(file("cut"), bytes.subarray(0, length));
			await expect(loadTensors(file("cut")), `${length} bytes`).rejects.toMatchObject({
				category: "DATA_LOSS",
				reason: "TENSOR_FILE_DAMAGED",
			});
		}
	});

	it.each([
		["something else", written("not json", 0)],
		["a shape that needs more data", written({ w: { dtype: "F32", shape: [3], data_offsets: [0, 8] } }, 8)],
		["data before the start", written({ w: { dtype: "F32", shape: [2], data_offsets: [-8, 0] } }, 8)],
		["another element type", written({ w: { dtype: "F16", shape: [2], data_offsets: [0, 4] } }, 4)],
		["bytes behind the last tensor", written({ w: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, 5)],
		[
			"tensors over each other",
			written(
				{
					a: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
					b: { dtype: "F32", shape: [1], data_offsets: [2, 6] },
				},
				6,
			),
		],
		["an entry without a shape", written({ w: { dtype: "F32", data_offsets: [0, 0] } }, 0)],
		["an entry that is none", written({ w: null }, 0)],
		["a list", written([], 0)],
		["metadata that is no text", written({ __metadata__: { step: 1 } }, 0)],
	])("refuses %s", async (_what, bytes) => {
		await writeFile(file("odd"), bytes);
		await expect(loadTensors(file("odd"))).rejects.toMatchObject({ reason: "TENSOR_FILE_DAMAGED" });
	});

	it("reads wanted tensors beside others of any type", async () => {
		const header = {
			mask: { dtype: "BOOL", shape: [2], data_offsets: [0, 2] },
			weight: { dtype: "F32", shape: [1], data_offsets: [2, 6] },
		};
		await writeFile(file("mixed"), written(header, 6));
		const { tensors } = await loadTensors(file("mixed"), { names: ["weight"] });
		expect([...tensors]).toEqual([["weight", { data: Float32Array.of(0), shape: [1] }]]);
		await expect(loadTensors(file("mixed"), { names: ["bias"] })).rejects.toThrow('"bias"');
	});

	it("gives arrays or names the file, whatever the bytes", async () => {
		const entry = fc.record(
			{
				dtype: fc.constantFrom("F32", "BF16", "X", ""),
				shape: fc.oneof(fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 3 }), fc.jsonValue()),
				data_offsets: fc.oneof(
					fc.tuple(fc.integer(), fc.nat(8)),
					fc.tuple(fc.nat(8), fc.nat(8)),
					fc.jsonValue(),
				),
			},
			{ requiredKeys: [] },
		);
		const headers = fc.oneof(fc.dictionary(fc.string(), fc.oneof(entry, fc.jsonValue())), fc.jsonValue());
		const bytes = fc.oneof(
			fc.tuple(headers, fc.nat(8)).map(([header, size]) => written(header, size)),
			fc.uint8Array().map((random) => Buffer.from(random)),
		);
		await fc.assert(
			fc.asyncProperty(bytes, async (content) => {
				await writeFile(file("fuzz"), content);
				const result = await loadTensors(file("fuzz")).catch((error: unknown) => error);
				if (result instanceof Error)
					expect(result).toMatchObject({ name: "ArchgenError", reason: "TENSOR_FILE_DAMAGED" });
			}),
			{ numRuns: 300 },
		);
	});

	it("does not write what is not float32", async () => {
		const labels = new Map([["labels", { data: BigInt64Array.of(1n), shape: [1] }]]);
		await expect(saveTensors(file("labels"), labels)).rejects.toThrow(TypeError);
	});
});
