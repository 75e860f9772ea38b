import { expect, test } from "vitest";
import { Batches } from "./batches.js";

const request = { batch: 4, size: 16, classes: 10, seed: 1n };

test("equal requests share a batch, others differ", async () => {
	const batches = new Batches(undefined);
	const first = await batches.get(request);
	expect(await batches.get({ ...request })).toBe(first);
	expect((await batches.get({ ...request, seed: 2n })).identity).not.toBe(first.identity);
	expect((await new Batches(undefined).get(request)).identity).toBe(first.identity);
	expect(first.shape).toEqual([4, 3, 16, 16]);
});

test("only the last few are kept", async () => {
	const batches = new Batches(undefined);
	const first = batches.get(request);
	for (let seed = 2n; seed < 8n; seed += 1n) {
		await batches.get({ ...request, seed });
	}
	expect(batches.get(request)).not.toBe(first);
});

test("a failure is not kept", async () => {
	const batches = new Batches("/no/such/file.bin");
	await expect(batches.get({ ...request, size: 32 })).rejects.toMatchObject({ reason: "FILE_NOT_FOUND" });
	// Other sizes never look at the file.
	expect((await batches.get(request)).identity).toMatch(/^normal:/);
});
