import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Expression, vectorPass } from "./vector-pass.js";
import { sharedMemory } from "./wasm.js";

const memory = sharedMemory(1 << 20);
const floats = (offset: number, length: number) => new Float32Array(memory.buffer, offset, length);
const FAR = 1 << 18;

describe("a vector pass", () => {
	it.each<[Expression, (a: number, b: number, s: number) => number]>([
		[["add", "a", "b"], (a, b) => a + b],
		[["sub", "a", "b"], (a, b) => a - b],
		[["mul", "a", "s"], (a, _, s) => a * s],
		[["div", "a", "b"], (a, b) => a / b],
		[["sqrt", "b"], (_, b) => Math.sqrt(b)],
		[["sub", ["mul", "a", "s"], ["div", ["sqrt", "b"], "s"]], (a, b, s) => a * s - Math.sqrt(b) / s],
	])("%j", (expression, known) => {
		const pass = vectorPass({ arrays: ["a", "b"], scalars: ["s"], results: [["a", expression]] })(memory);
		const finite = fc.float({ min: 0.0625, max: 64, noNaN: true });
		fc.assert(
			fc.property(fc.array(fc.tuple(finite, finite), { minLength: 1, maxLength: 40 }), finite, (pairs, s) => {
				const count = 4 * pairs.length;
				const [a, b] = [floats(16, count), floats(FAR, count)];
				for (let i = 0; i < count; i++) [a[i], b[i]] = pairs[i >> 2]!;
				pass({ a: 16, b: FAR }, count, { s });
				pairs.forEach(([x, y], i) => {
					expect(a[4 * i + 3]).toBeCloseTo(known(x, y, s), 2);
				});
				expect([...b]).toEqual(Array.from({ length: count }, (_, i) => pairs[i >> 2]![1]));
			}),
		);
	});

	it("uses earlier results and sums in double precision", () => {
		const pass = vectorPass({
			arrays: ["x"],
			scalars: ["one"],
			results: [
				["next", ["add", "x", "one"]],
				["x", ["mul", "next", "next"]],
			],
			sum: "x",
		})(memory);
		const x = floats(0, 4000).fill(2 ** 12);
		x[1] = x[3998] = -1;
		// (2¹² + 1)² = 2²⁴ + 2¹³ + 1 rounds to 2²⁴ + 2¹³ in float32; in float64 the sum of many loses nothing more
		expect(pass({ x: 0 }, 4000, { one: 1 })).toBe(3998 * (2 ** 24 + 2 ** 13));
		expect([x[0], x[1], x[2]]).toEqual([2 ** 24 + 2 ** 13, 0, 2 ** 24 + 2 ** 13]);
	});

	it("touches nothing beyond its elements", () => {
		const pass = vectorPass({ arrays: ["x"], scalars: [], results: [["x", ["add", "x", "x"]]] })(memory);
		floats(0, 12).fill(1);
		pass({ x: 16 }, 4, {});
		pass({ x: 16 }, 0, {});
		expect([...floats(0, 12)]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1]);
	});
});
