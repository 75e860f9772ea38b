import { ArchgenError } from "@archgen/errors";
import { describe, expect, it, vi } from "vitest";
import { retry } from "./retry.js";

const busy = (retryAfterMs?: number) =>
	new ArchgenError({ category: "UNAVAILABLE", reason: "BUSY", message: "busy", retryAfterMs });
const OPTIONS = { mayPass: () => true, firstDelayMs: 1 };

/** Fails as often as there are errors, then succeeds. */
function failing(...errors: unknown[]) {
	const task = vi.fn<() => Promise<string>>().mockResolvedValue("done");
	for (const error of errors) task.mockRejectedValueOnce(error);
	return task;
}

describe("retry", () => {
	it("tries until it succeeds", async () => {
		const task = failing(busy(), busy(), busy());
		expect(await retry(task, OPTIONS)).toBe("done");
		expect(task).toHaveBeenCalledTimes(4);
	});

	it("gives up at once what does not pass, whatever was thrown, and asks about each failure once", async () => {
		for (const thrown of [busy(), new TypeError("defect"), "text"]) {
			const mayPass = vi.fn(() => false);
			const task = failing(thrown);
			await expect(retry(task, { ...OPTIONS, mayPass })).rejects.toBe(thrown);
			expect(mayPass.mock.calls).toEqual([[thrown]]);
			expect(task).toHaveBeenCalledTimes(1);
		}
	});

	it("tries again after any failure that passes, a TypeError too", async () => {
		expect(await retry(failing(new TypeError("defect"), 7), OPTIONS)).toBe("done");
	});

	it("ends with the last failure after so many tries or so much time", async () => {
		const last = busy();
		const three = failing(busy(), busy(), last);
		await expect(retry(three, { ...OPTIONS, attempts: 3 })).rejects.toBe(last);
		const once = failing(last);
		await expect(retry(once, { ...OPTIONS, patienceMs: 0 })).rejects.toBe(last);
		expect([three, once].map(({ mock }) => mock.calls.length)).toEqual([3, 1]);
	});

	it("doubles its pauses up to the longest", async () => {
		const began = performance.now();
		await retry(failing(busy(), busy(), busy()), { ...OPTIONS, firstDelayMs: 10, longestDelayMs: 20 });
		expect(performance.now() - began).toBeGreaterThan(45);
	});

	it("takes the pause that a failure asks for, without counting the try", async () => {
		const delayOf = (error: unknown) => (error as ArchgenError).retryAfterMs;
		const began = performance.now();
		const task = failing(busy(20), busy(20));
		expect(await retry(task, { ...OPTIONS, firstDelayMs: 60_000, attempts: 2, delayOf })).toBe("done");
		expect(performance.now() - began).toBeGreaterThan(35);
	});

	it("is cancelled before, during and between tries", async () => {
		const cancelled = { category: "CANCELLED" };
		const task = failing();
		await expect(retry(task, { ...OPTIONS, signal: AbortSignal.abort() })).rejects.toMatchObject(cancelled);
		expect(task).not.toHaveBeenCalled();
		const controller = new AbortController();
		const { signal } = controller;
		const between = retry(failing(busy()), { ...OPTIONS, firstDelayMs: 60_000, signal });
		const asked = retry(failing(busy(60_000)), { ...OPTIONS, delayOf: () => 60_000, signal });
		setTimeout(() => controller.abort(), 5);
		await expect(between).rejects.toMatchObject(cancelled);
		await expect(asked).rejects.toMatchObject(cancelled);
	});
});
