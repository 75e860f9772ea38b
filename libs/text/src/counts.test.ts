import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBytes, parseCount } from "./counts.js";

test.each([
	["786432", 786_432],
	["256k", 256_000],
	["256 kB", 256_000],
	["1.5 MB", 1_500_000],
	["768 KiB", 786_432],
	["1.5Mi", 1_572_864],
	["2 gib", 2 ** 31],
	["1e6", 1_000_000],
	["100 bytes", 100],
])("%j are %i bytes", (text, value) => {
	expect(parseBytes(text)).toBe(value);
});

test.each(["", "0", "KB", "12 iB", "5 bits", "1,5 MB", "-1k", "9e30"])("%j are no bytes", (text) => {
	expect(parseBytes(text)).toBeUndefined();
});

test("what is a count is as many bytes", () => {
	const text = fc
		.tuple(fc.integer({ min: 1, max: 9_999 }), fc.constantFrom("", "k", "M", "G", " T"))
		.map(([number, unit]) => `${number}${unit}`);
	fc.assert(
		fc.property(text, (written) => {
			expect(parseBytes(written)).toBe(parseCount(written));
		}),
	);
});

test("a binary unit is written and read without loss", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 2 ** 20 }), fc.integer({ min: 1, max: 3 }), (number, power) => {
			expect(parseBytes(`${number} ${"KMG"[power - 1]}iB`)).toBe(number * 1024 ** power);
		}),
	);
});
