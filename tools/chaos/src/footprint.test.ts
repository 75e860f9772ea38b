import { open } from "node:fs/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { driftOf, footprintOf } from "./footprint.js";

test.skipIf(process.platform !== "linux")("memory and open files of a process are counted", async () => {
	const before = await footprintOf(process.pid);
	const files = await Promise.all(Array.from({ length: 20 }, () => open("/dev/null")));
	const after = await footprintOf(process.pid);
	await Promise.all(files.map((file) => file.close()));
	expect(after.handles).toBeGreaterThanOrEqual(before.handles + 15);
	expect(before.memoryMebibytes).toBeGreaterThan(10);
	await expect(footprintOf(2 ** 22 + 1)).rejects.toThrow();
});

test("a process that holds more and more is told from one that does not", () => {
	const samples = (memory: (i: number) => number) =>
		Array.from({ length: 50 }, (_, i) => ({ memoryMebibytes: memory(i), handles: 7 }));
	expect(driftOf(samples(() => 100)).growth).toBe(0);
	// Garbage that waits for its collection does not count, nor does warming up.
	expect(driftOf(samples((i) => 100 + 20 * (i % 7))).growth).toBe(0);
	expect(driftOf(samples((i) => (i < 10 ? i : 100))).growth).toBe(0);
	fc.assert(
		fc.property(fc.double({ min: 1, max: 10, noNaN: true }), (slope) => {
			expect(driftOf(samples((i) => 100 + slope * i)).growth).toBeGreaterThan(0.15);
		}),
	);
});
