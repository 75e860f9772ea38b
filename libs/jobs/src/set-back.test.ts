import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whenSetBack } from "./set-back.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("tells when the wall clock was set back, by how much, and of nothing else", async () => {
	const told: number[] = [];
	const stop = whenSetBack(async (byMs) => void told.push(Math.round(byMs)));
	await vi.advanceTimersByTimeAsync(5_000);
	// an hour forth, a little back, an hour back
	for (const [step, expected] of [
		[3_600_000, []],
		[-100, []],
		[-3_600_000, [3_600_000]],
	] as const) {
		vi.setSystemTime(Date.now() + step);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(told).toEqual(expected);
	}
	stop();
	vi.setSystemTime(0);
	await vi.advanceTimersByTimeAsync(1_000);
	expect(told).toHaveLength(1);
});
