import { expect, it } from "vitest";
import { Places } from "./places.js";

const never = new AbortController().signal;

it("gives places back once, to those who wait first, in their order", async () => {
	const places = new Places(2);
	const leave = places.take(2)!;
	expect(places.take(1)).toBeUndefined();
	const order: number[] = [];
	const waiting = [1, 2, 3].map(async (name) => {
		const done = await places.wait(never);
		order.push(name);
		return done;
	});
	expect([places.taken, places.waiting]).toEqual([2, 3]);
	leave();
	leave();
	const first = await waiting[0]!;
	await waiting[1];
	expect([order, places.taken, places.waiting]).toEqual([[1, 2], 2, 1]);
	first();
	(await waiting[2]!)();
	expect([order, places.taken]).toEqual([[1, 2, 3], 1]);
});

it("leaves the line with the signal and takes no place", async () => {
	const places = new Places(1);
	const leave = places.take(1)!;
	const abort = new AbortController();
	const given = places.wait(abort.signal);
	abort.abort(new Error("enough"));
	await expect(given).rejects.toThrow("enough");
	leave();
	expect([places.taken, places.waiting]).toEqual([0, 0]);
	await expect(places.wait(AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
});
