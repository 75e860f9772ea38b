import { createRandom } from "@archgen/random";
import { expect, test } from "vitest";
import { enlargeBatch } from "./enlarge.js";
import { syntheticBatch } from "./synthetic.js";

const batch = syntheticBatch(createRandom(0), { batch: 2, size: 16, classes: 3 });

test("repeats every pixel in both directions and keeps labels", () => {
	const large = enlargeBatch(batch, 48);
	expect(large.shape).toEqual([2, 3, 48, 48]);
	expect(large.labels).toEqual(batch.labels);
	for (const [plane, y, x] of [
		[0, 0, 0],
		[5, 47, 46],
		[3, 20, 31],
	] as const)
		expect(large.images[(plane * 48 + y) * 48 + x]).toBe(
			batch.images[(plane * 16 + Math.floor(y / 3)) * 16 + Math.floor(x / 3)],
		);
	const mean = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;
	expect(mean(large.images)).toBeCloseTo(mean(batch.images), 6);
});

test("is the batch itself at its own size, another one at another, and refuses what is no multiple", () => {
	expect(enlargeBatch(batch, 16)).toBe(batch);
	expect(enlargeBatch(batch, 32).identity).not.toBe(enlargeBatch(batch, 48).identity);
	expect(() => enlargeBatch(batch, 40)).toThrow("multiple of 16");
});
