import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededBatch } from "@archgen/datasets";
import { expect, test } from "vitest";
import { Batches } from "./batches.js";

const request = { batch: 4, size: 16, classes: 10, seed: 1n };

test("synthetic batches are planned under the identity they have when they are drawn", async () => {
	const batches = new Batches(undefined);
	const first = await batches.get(request);
	expect(first.identity).toBe(seededBatch(1n, request).identity);
	expect((await batches.get({ ...request, seed: 2n })).identity).not.toBe(first.identity);
	expect(first.shape).toEqual([4, 3, 16, 16]);
	expect(first).not.toHaveProperty("images");
});

test("planning a batch of 800 MB takes no memory", async () => {
	const before = process.memoryUsage().arrayBuffers;
	await new Batches(undefined).get({ ...request, batch: 256, size: 512 });
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
});

test("equal requests for real images share a batch", async () => {
	const file = join(await mkdtemp(join(tmpdir(), "archgen-batches-")), "cifar.bin");
	await writeFile(file, Buffer.alloc(3073 * 8));
	const batches = new Batches(file);
	const first = await batches.get({ ...request, size: 32 });
	expect(await batches.get({ ...request, size: 32, seed: 2n })).toBe(first);
	expect(first.identity).toMatch(/^sha256:/);
});

test("real images are resized to the scoring size", async () => {
	const file = join(await mkdtemp(join(tmpdir(), "archgen-batches-")), "cifar.bin");
	await writeFile(file, Buffer.alloc(3073 * 8));
	const batch = await new Batches(file).get({ ...request, size: 64 });
	expect(batch.shape).toEqual([4, 3, 64, 64]);
	expect(batch.identity).toMatch(/^sha256:/);
});

test("a failure is not kept", async () => {
	const batches = new Batches("/no/such/file.bin");
	await expect(batches.get({ ...request, size: 32 })).rejects.toMatchObject({ reason: "FILE_NOT_FOUND" });
	await expect(batches.get(request)).rejects.toMatchObject({ reason: "FILE_NOT_FOUND" });
});
