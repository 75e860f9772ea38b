import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeKernel, layerLogDeterminant } from "./sign-codes.js";

const codesArbitrary = fc
	.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 20 }))
	.chain(([n, length]) =>
		fc.array(fc.array(fc.constantFrom(0, 1), { minLength: length, maxLength: length }), {
			minLength: n,
			maxLength: n,
		}),
	);

const gramOf = (codes: readonly number[][]) =>
	codes.flatMap((a) => codes.map((b) => a.reduce((sum, bit, k) => sum + bit * b[k]!, 0)));

describe("codeKernel", () => {
	it("is the number of equal bits of every two codes", () => {
		fc.assert(
			fc.property(codesArbitrary, (codes) => {
				const equalBits = codes.flatMap((a) => codes.map((b) => a.filter((bit, k) => bit === b[k]).length));
				expect([...codeKernel(gramOf(codes), codes.length, codes[0]!.length)]).toEqual(equalBits);
			}),
		);
	});

	it("counts 0 for a layer that gives two images the same code", () => {
		const codes = [
			[1, 0, 1, 1],
			[1, 0, 1, 1],
			[0, 1, 1, 0],
		];
		expect(layerLogDeterminant(codeKernel(gramOf(codes), 3, 4), 3)).toBe(0);
	});

	it("leaves the kernel as it was", () => {
		const kernel = codeKernel(
			gramOf([
				[1, 0, 1],
				[0, 0, 1],
			]),
			2,
			3,
		);
		const before = [...kernel];
		layerLogDeterminant(kernel, 2);
		expect([...kernel]).toEqual(before);
	});
});
