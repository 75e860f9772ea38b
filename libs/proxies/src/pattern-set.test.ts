import fc from "fast-check";
import { expect, test } from "vitest";
import { PatternSet } from "./pattern-set.js";

test("counts the distinct columns of a matrix of words", () => {
	const word = fc.integer({ min: -2, max: 1 });
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 3 }), fc.array(word, { maxLength: 120 }), (words, values) => {
			const columns = Math.floor(values.length / words);
			const set = new PatternSet(words);
			for (let c = 0; c < columns; c++) set.add(Int32Array.from(values), c, columns);
			const texts = Array.from({ length: columns }, (_, c) =>
				Array.from({ length: words }, (_, w) => values[c + w * columns]).join(),
			);
			expect(set.size).toBe(new Set(texts).size);
		}),
	);
});

test("keeps apart what differs in any word, beyond its first capacity", () => {
	const set = new PatternSet(2);
	for (let twice = 0; twice < 2; twice++)
		for (let i = 0; i < 20_000; i++) set.add(Int32Array.of(i % 100, Math.floor(i / 100)), 0, 1);
	expect(set.size).toBe(20_000);
});
