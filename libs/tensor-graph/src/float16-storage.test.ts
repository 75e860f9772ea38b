import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { readFloatConstants, withFloat16Constants } from "./float16-storage.js";
import { buildModel } from "./model.js";
import { add, input, matMul } from "./operators/index.js";
import { f32 } from "./runtime/runtime.js";
import { SessionPool } from "./runtime/session-pool.js";

const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());

/** x W + b with W of the given values, [rows, 3]. */
function linear(weights: readonly number[], bias: readonly number[]): Uint8Array {
	const rows = weights.length / 3;
	const x = input("x", ["batch", rows]);
	const result = add(matMul(x, input("w", [rows, 3])), input("b", [3]));
	return buildModel({
		inputs: [x],
		outputs: { y: result },
		constants: new Map([
			["w", { data: Float32Array.from(weights), shape: [rows, 3] }],
			["b", { data: Float32Array.from(bias), shape: [3] }],
		]),
	});
}

const weight = fc.float({ min: -4, max: 4, noNaN: true });

it("rounds every large constant to 11 bits and no further", () => {
	fc.assert(
		fc.property(fc.array(weight, { minLength: 300, maxLength: 300 }), (values) => {
			const file = linear(values, [1e-9, 0, -1e9]);
			expect(readFloatConstants(file).get("w")).toEqual(Float32Array.from(values));
			const half = withFloat16Constants(file);
			const stored = readFloatConstants(half).get("w")!;
			for (const [i, value] of stored.entries()) {
				// half of the last of 11 bits; below 2⁻¹⁴ the spacing stays at 2⁻²⁴
				expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(
					Math.max(Math.abs(values[i]!) * 2 ** -11, 2 ** -25),
				);
			}
			expect(readFloatConstants(half).get("b")).toEqual(Float32Array.of(1e-9, 0, -1e9));
			expect(withFloat16Constants(half)).toEqual(half);
		}),
	);
});

it("computes in float32 with the rounded constants, in about half the space", async () => {
	const weights = Array.from({ length: 3000 }, (_, i) => Math.sin(i));
	const file = linear(weights, [1 / 3, 0, -1]);
	const half = withFloat16Constants(file);
	expect(half.length).toBeLessThan(file.length / 2 + 500);
	const constants = readFloatConstants(half);
	const x = f32(
		Float32Array.from({ length: 1000 }, (_, i) => Math.cos(i)),
		[1, 1000],
	);
	const rounded = linear([...constants.get("w")!], [...constants.get("b")!]);
	const [expected, actual] = await Promise.all(
		[rounded, half].map(async (bytes) => (await (await pool.load(bytes)).run({ x })).y!.data),
	);
	expect(actual).toEqual(expected);
	const exact = (await (await pool.load(file)).run({ x })).y!.data;
	expect(actual).not.toEqual(exact);
});

it("refuses what float16 cannot hold", () => {
	expect(() => withFloat16Constants(linear(new Array(300).fill(1e5), [0, 0, 0]))).toThrow(/"w".*float16/);
});
