import fc from "fast-check";
import { expect, test } from "vitest";
import { ranks, spearman } from "./correlation.js";
import { partialSpearman } from "./partial.js";

const column = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 12, maxLength: 12 });
const varies = (values: readonly number[]) => new Set(values).size > 4;

test("with one control follows the recursion formula of partial correlations", () => {
	fc.assert(
		fc.property(column.filter(varies), column.filter(varies), column.filter(varies), (a, b, c) => {
			const [ab, ac, bc] = [spearman(a, b), spearman(a, c), spearman(b, c)];
			fc.pre(Math.abs(ac) < 0.999 && Math.abs(bc) < 0.999);
			const expected = (ab - ac * bc) / Math.sqrt((1 - ac * ac) * (1 - bc * bc));
			expect(partialSpearman(a, b, [c])).toBeCloseTo(expected, 9);
		}),
	);
});

test("is null where the controls explain everything, and a repeated control changes nothing", () => {
	const [a, b, c] = [
		[1, 2, 3, 4, 5],
		[2, 1, 4, 3, 5],
		[1, 3, 2, 5, 4],
	];
	expect(partialSpearman(a, b, [a])).toBeNull();
	expect(partialSpearman(b, a, [c, ranks(b).map((x) => x ** 3)])).toBeNull();
	expect(partialSpearman([1, 1, 1, 1, 1], b, [c])).toBeNull();
	expect(partialSpearman(a, b, [c, c])).toBeCloseTo(partialSpearman(a, b, [c])!, 12);
	expect(partialSpearman(a, b, [])).toBeCloseTo(spearman(a, b), 12);
});
