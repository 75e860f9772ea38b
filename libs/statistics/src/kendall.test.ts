import fc from "fast-check";
import { expect, test } from "vitest";
import { kendall, pairedKendall, similarPairs } from "./kendall.js";

test("counts concordant and discordant pairs", () => {
	expect(kendall([1, 2, 3, 4], [10, 20, 30, 40])).toBe(1);
	expect(kendall([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
	expect(kendall([1, 2, 3, 4], [1, 2, 4, 3])).toBeCloseTo(4 / 6);
});

test("corrects for ties", () => {
	// scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])
	expect(kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 12);
	expect(kendall([1, 1], [1, 2])).toBeNaN();
});

test("over all pairs is τ_b itself, and multiplicities are repeated items", () => {
	const value = fc.integer({ min: 0, max: 6 });
	const item = fc.record({ a: value, b: value, times: fc.integer({ min: 0, max: 3 }) });
	fc.assert(
		fc.property(fc.array(item, { minLength: 2, maxLength: 12 }), (items) => {
			const [a, b] = [items.map((x) => x.a), items.map((x) => x.b)];
			const all = similarPairs([items.map(() => 1)], 0);
			expect(all).toHaveLength(items.length * (items.length - 1));
			expect(pairedKendall(a, b, all)).toEqual(kendall(a, b));
			const repeated = items.flatMap((x) => Array.from({ length: x.times }, () => x));
			const weighted = pairedKendall(
				a,
				b,
				all,
				items.map(({ times }) => times),
			);
			const expected = kendall(
				repeated.map((x) => x.a),
				repeated.map((x) => x.b),
			);
			if (Number.isNaN(expected)) expect(weighted).toBeNaN();
			else expect(weighted).toBeCloseTo(expected, 12);
		}),
	);
});

test("pairs are alike in all costs or not at all", () => {
	const costs = [
		[100, 105, 111, 100],
		[10, 10, 10, 20],
	];
	expect([...similarPairs(costs, 0.05)]).toEqual([1, 0]);
	expect([...similarPairs(costs, 0)]).toEqual([]);
	expect([...similarPairs(costs, 0.12)]).toEqual([1, 0, 2, 0, 2, 1]);
	expect(pairedKendall([1, 2], [1, 2], similarPairs([[1, 2]], 0))).toBeNaN();
});

test("takes infinities for values like others", () => {
	const { NEGATIVE_INFINITY: last } = Number;
	expect(kendall([last, last, 1], [0, 1, 2])).toBeCloseTo(2 / Math.sqrt(2 * 3), 12);
});
