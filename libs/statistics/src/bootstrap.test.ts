import { createRandom, type Random } from "@archgen/random";
import { expect, test } from "vitest";
import { correlationInterval } from "./bootstrap.js";
import { pearson } from "./correlation.js";

/** Interval of the correlation of n pairs whose true one is r. */
function intervalOf(n: number, r: number, random: Random) {
	const a = Array.from({ length: n }, () => random.normal());
	const b = a.map((x) => r * x + Math.sqrt(1 - r * r) * random.normal());
	const repeated = (values: readonly number[], m: Int32Array) =>
		values.flatMap((x, i) => Array.from({ length: m[i]! }, () => x));
	const correlation = (m: Int32Array) => pearson(repeated(a, m), repeated(b, m));
	return { value: pearson(a, b), ends: correlationInterval(n, correlation, { random, resamples: 60 })! };
}

test.each([
	0, 0.9,
])("covers a correlation of %s about as often as it says, and always the sample's own", (r) => {
	const runs = Array.from({ length: 60 }, (_, seed) => intervalOf(40, r, createRandom(seed)));
	const covered = runs.filter(({ ends: [low, high] }) => low <= r && r <= high);
	expect(covered.length).toBeGreaterThanOrEqual(50);
	expect(covered.length).toBeLessThan(60);
	for (const { value, ends } of runs) {
		expect(ends[0]).toBeLessThanOrEqual(value);
		expect(ends[1]).toBeGreaterThanOrEqual(value);
		expect(ends[0]).toBeGreaterThanOrEqual(-1);
		expect(ends[1]).toBeLessThanOrEqual(1);
	}
});

test("narrows with the square root of the number of items", () => {
	const width = (n: number) => {
		const widths = Array.from({ length: 12 }, (_, seed) => intervalOf(n, 0, createRandom(seed)).ends);
		return widths.reduce((sum, [low, high]) => sum + high - low, 0) / widths.length;
	};
	expect(width(30) / width(270)).toBeGreaterThan(2.3);
	expect(width(30) / width(270)).toBeLessThan(4);
});

test("draws the same samples for the same seed, and leaves samples without a value out", () => {
	const draw = () => correlationInterval(10, (m) => m[0]! / 10, { random: createRandom(1), resamples: 50 });
	expect(draw()).toEqual(draw());
	expect(correlationInterval(10, () => null, { random: createRandom(1) })).toBeNull();
	expect(correlationInterval(10, () => 1, { random: createRandom(1) })).toEqual([1, 1]);
	const sometimes = (m: Int32Array) => (m[0]! > 0 ? 0.5 : Number.NaN);
	expect(correlationInterval(10, sometimes, { random: createRandom(1) })).toEqual([0.5, 0.5]);
	const rarely = (m: Int32Array) => (m[0] === 1 && m[1] === 1 ? 0.5 : Number.NaN);
	expect(correlationInterval(10, rarely, { random: createRandom(1) })).toBeNull();
});
