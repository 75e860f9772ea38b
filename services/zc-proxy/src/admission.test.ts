import { expect, test } from "vitest";
import { Admission } from "./admission.js";

const never = new AbortController().signal;

test("a batch is let in whole or not at all, and places come back once", () => {
	const admission = new Admission(3, 1);
	const leave = admission.enter(2);
	expect(() => admission.enter(2)).toThrow(
		expect.objectContaining({ category: "RESOURCE_EXHAUSTED", reason: "QUEUE_FULL", retryAfterMs: 500 }),
	);
	expect(admission.taken).toBe(2);
	leave();
	leave();
	expect(admission.taken).toBe(0);
});

test("those who wait get places in turn, and one that gives up leaves no hole", async () => {
	const admission = new Admission(1, 1);
	const leave = admission.enter(1);
	const order: string[] = [];
	const controller = new AbortController();
	const first = admission.wait(controller.signal);
	const second = admission.wait(never).then((done) => {
		order.push("second");
		return done;
	});
	const third = admission.wait(never).then((done) => {
		order.push("third");
		return done;
	});
	controller.abort(new Error("gone"));
	await expect(first).rejects.toThrow("gone");
	leave();
	(await second)();
	(await third)();
	expect(order).toEqual(["second", "third"]);
	expect(admission.taken).toBe(0);
	await expect(admission.wait(AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
});
