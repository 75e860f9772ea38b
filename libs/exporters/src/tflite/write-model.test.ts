import { ArchgenError } from "@archgen/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNetwork } from "../../testing/random-network.js";
import { readModel } from "./read-model.js";
import { networkToTflite } from "./tflite.js";
import type { TfliteModel } from "./tflite-model.js";
import { writeModel } from "./write-model.js";

const weight = Float32Array.from({ length: 6 }, (_, i) => i + 0.5);
const MODEL: TfliteModel = {
	description: "three operators",
	tensors: [
		{ name: "images", shape: [1, 4, 4, 3] },
		{ name: "w", shape: [2, 1, 1, 3], data: weight },
		{ name: "b", shape: [2], data: new Float32Array(2) },
		{ name: "convolved", shape: [1, 2, 2, 2] },
		{ name: "active", shape: [1, 2, 2, 2] },
		{ name: "axes", shape: [2], data: Int32Array.of(1, 2) },
		{ name: "mean", shape: [1, 2] },
	],
	operators: [
		{
			operator: "CONV_2D",
			version: 6,
			options: { padding: 1, stride_h: 2, stride_w: 2, dilation_h_factor: 1, fused_activation_function: 1 },
			inputs: [0, 1, 2],
			output: 3,
		},
		{ operator: "HARD_SWISH", version: 1, options: {}, inputs: [3], output: 4 },
		{ operator: "MEAN", version: 1, options: { keep_dims: 1 }, inputs: [4, 5], output: 6 },
	],
	input: 0,
	output: 6,
	metadata: { "archgen.seed": "7", note: "größer" },
};

describe("writeModel", () => {
	it("is read again as it was", () => {
		expect(readModel(writeModel(MODEL))).toMatchObject(MODEL);
	});

	it("has the identifier of the format, and one code for equal operators", () => {
		const file = writeModel({ ...MODEL, operators: [...MODEL.operators, ...MODEL.operators] });
		expect(Buffer.from(file).toString("latin1", 4, 8)).toBe("TFL3");
		expect(readModel(file).operators.map(({ operator }) => operator)).toHaveLength(6);
		expect(file.length).toBeLessThan(writeModel(MODEL).length + 3 * 80);
	});

	it("places the data of every constant at a multiple of 16 bytes", () => {
		const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
		const aligned = fc.property(sizes, fc.string(), (lengths, name) => {
			const tensors = lengths.map((length, i) => ({
				name: `${name}${i}`,
				shape: [length],
				data: new Float32Array(length).fill(1e9 + 1e6 * i),
			}));
			const file = Buffer.from(writeModel({ ...MODEL, tensors: [...MODEL.tensors, ...tensors] }));
			for (const { data } of tensors) {
				const position = file.indexOf(Buffer.from(data.buffer));
				expect(position).toBeGreaterThan(0);
				expect(position % 16).toBe(0);
			}
		});
		fc.assert(aligned, { numRuns: 50 });
	});

	it("refuses more constants than a flatbuffer holds", () => {
		const data = { byteLength: 2 ** 31, length: 2 ** 29 } as Float32Array;
		const large = { ...MODEL, tensors: [{ name: "w", shape: [2 ** 29], data }] };
		expect(() => writeModel(large)).toThrow(/2 GiB; export it as ONNX/);
	});
});

describe("readModel", () => {
	it("refuses what is no network, with one kind of error", () => {
		expect(() => readModel(Uint8Array.of(1, 2, 3))).toThrow(/does not begin with TFL3/);
		const whole = networkToTflite(randomNetwork(5));
		// tables come first, data last
		const tables = fc.nat(Math.min(whole.length, 30_000) - 1);
		const damaged = fc.property(tables, fc.nat(255), (position, value) => {
			const file = whole.slice();
			file[position] = value;
			try {
				readModel(file);
			} catch (error) {
				expect(error).toBeInstanceOf(ArchgenError);
			}
		});
		fc.assert(damaged, { numRuns: 300 });
		expect(() => readModel(whole.slice(0, 200))).toThrow(/not a TensorFlow Lite file of a network/);
	});
});
