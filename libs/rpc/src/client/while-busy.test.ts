import { ArchgenError } from "@archgen/errors";
import { expect, test, vi } from "vitest";
import { whileBusy } from "./while-busy.js";

const failure = (category: "RESOURCE_EXHAUSTED" | "UNAVAILABLE", retryAfterMs?: number) =>
	new ArchgenError({ category, reason: "TEST", message: "test", retryAfterMs });

test("a call that meets a full queue is made again after the time that the server asks for", async () => {
	const call = vi.fn<() => Promise<string>>().mockResolvedValue("done");
	call.mockRejectedValueOnce(failure("RESOURCE_EXHAUSTED", 30));
	const start = performance.now();
	expect(await whileBusy(call)).toBe("done");
	expect(call).toHaveBeenCalledTimes(2);
	expect(performance.now() - start).toBeGreaterThan(25);
});

test("every other failure comes out at once", async () => {
	const call = vi.fn(() => Promise.reject(failure("UNAVAILABLE", 30)));
	await expect(whileBusy(call)).rejects.toMatchObject({ category: "UNAVAILABLE" });
	expect(call).toHaveBeenCalledTimes(1);
});

test("the signal ends the waiting", async () => {
	const controller = new AbortController();
	const call = () => Promise.reject(failure("RESOURCE_EXHAUSTED", 60_000));
	const waiting = whileBusy(call, controller.signal);
	controller.abort();
	await expect(waiting).rejects.toMatchObject({ category: "CANCELLED" });
});
