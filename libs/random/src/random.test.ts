import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillNormal, shuffled } from "./arrays.js";
import { createRandom, restoreRandom } from "./random.js";

describe("random", () => {
	it("continues exactly from a saved state", () => {
		fc.assert(
			fc.property(fc.integer(), fc.nat(50), (seed, draws) => {
				const random = createRandom(seed);
				for (let i = 0; i < draws; i++) random.normal();
				const copy = restoreRandom(JSON.parse(JSON.stringify(random.state())));
				expect([copy.uniform(), copy.integer(7), copy.fork("a").uniform()]).toEqual([
					random.uniform(),
					random.integer(7),
					random.fork("a").uniform(),
				]);
			}),
		);
	});

	it("forks do not depend on how much the parent has drawn", () => {
		const a = createRandom(3);
		const before = a.fork("x").uniform();
		a.uniform();
		expect(a.fork("x").uniform()).toBe(before);
		expect(a.fork("y").uniform()).not.toBe(before);
	});

	it("draws standard normal numbers", () => {
		const values = fillNormal(createRandom(1), new Float32Array(100_001));
		const mean = values.reduce((s, v) => s + v, 0) / values.length;
		const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
		expect(Math.abs(mean)).toBeLessThan(0.015);
		expect(Math.abs(variance - 1)).toBeLessThan(0.02);
	});

	it("draws integers uniformly", () => {
		const random = createRandom(5n);
		const counts = new Array<number>(5).fill(0);
		for (let i = 0; i < 50_000; i++) counts[random.integer(5)]!++;
		const chiSquare = counts.reduce((s, c) => s + (c - 10_000) ** 2 / 10_000, 0);
		expect(chiSquare).toBeLessThan(18.5); // 99.9 % quantile with 4 degrees of freedom
	});

	it("shuffles without loss", () => {
		fc.assert(
			fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
				expect(shuffled(createRandom(seed), items).sort()).toEqual([...items].sort());
			}),
		);
	});
});
