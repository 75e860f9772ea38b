import { zcDistance } from "@archgen/design";
import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, it } from "vitest";
import { chooseTriplets } from "./triplets.js";

const vector = fc.tuple(...Array.from({ length: 4 }, () => fc.float({ min: -3, max: 3, noNaN: true })));

it("never uses an anchor as its own example and puts the positive no farther than the negative", () => {
	fc.assert(
		fc.property(fc.array(vector, { minLength: 3, maxLength: 20 }), fc.integer(), (zc, seed) => {
			const { positive, negative } = chooseTriplets(zc, createRandom(seed));
			zc.forEach((anchor, row) => {
				const [a, b] = [Number(positive[row]), Number(negative[row])];
				expect([a, b]).not.toContain(row);
				expect(a).not.toBe(b);
				expect(zcDistance(anchor, zc[a]!)).toBeLessThanOrEqual(zcDistance(anchor, zc[b]!));
			});
		}),
	);
});

it("depends on the random stream alone", () => {
	const zc = Array.from({ length: 16 }, (_, i) => [i, -i, 2 * i, 0]);
	expect(chooseTriplets(zc, createRandom(5))).toEqual(chooseTriplets(zc, createRandom(5)));
	expect(chooseTriplets(zc, createRandom(5))).not.toEqual(chooseTriplets(zc, createRandom(6)));
});
