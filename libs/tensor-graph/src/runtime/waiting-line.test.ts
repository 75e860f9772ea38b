import { setTimeout } from "node:timers/promises";
import { throwIfAborted } from "@archgen/errors";
import { expect, it } from "vitest";
import { WaitingLine } from "./waiting-line.js";

/** A line that doubles numbers, each of which weighs as much as it says, and writes down what was worked on together. */
function doublingLine(capacity: number, lanes?: number, worthALane?: number) {
	const groups: number[][] = [];
	const work = async (items: readonly number[], signal: AbortSignal) => {
		groups.push([...items]);
		for (let turn = 0; turn < 5; turn++) {
			throwIfAborted(signal);
			await setTimeout(2);
		}
		if (items.includes(13)) throw new Error("unlucky");
		return items.map((item) => 2 * item);
	};
	const weight = (item: number) => item;
	return { groups, line: new WaitingLine({ work, weight, capacity, lanes, worthALane }) };
}

it("works at once on the first and together on those that came meanwhile, each with its own result", async () => {
	const { groups, line } = doublingLine(10);
	const results = await Promise.all([1, 2, 3, 4].map((item) => line.add(item)));
	expect(results).toEqual([2, 4, 6, 8]);
	expect(groups).toEqual([[1], [2, 3, 4]]);
	expect(await line.add(5)).toBe(10);
});

it("takes as many as the capacity holds, in order, and what is larger alone", async () => {
	const { groups, line } = doublingLine(10);
	await Promise.all([1, 4, 6, 1, 30, 2].map((item) => line.add(item)));
	expect(groups).toEqual([[1], [4, 6], [1], [30], [2]]);
});

it("works on as many pieces at a time as it has lanes", async () => {
	const { groups, line } = doublingLine(10, 2);
	await Promise.all([1, 2, 3, 4].map((item) => line.add(item)));
	expect(groups).toEqual([[1], [2], [3, 4]]);
});

it("opens a further lane only for what is worth it", async () => {
	const { groups, line } = doublingLine(10, 2, 6);
	const together = [1, 2, 3].map((item) => line.add(item));
	await setTimeout(0);
	expect(groups).toEqual([[1]]);
	together.push(line.add(4));
	expect(groups).toEqual([[1], [2, 3, 4]]);
	expect(await Promise.all(together)).toEqual([2, 4, 6, 8]);
	await Promise.all([line.add(5), line.add(6)]);
	expect(groups.slice(2)).toEqual([[5], [6]]);
});

it("fails the calls of a failed piece only and goes on", async () => {
	const { line } = doublingLine(20);
	const results = await Promise.allSettled([1, 13, 2].map((item) => line.add(item)));
	expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
	expect(await line.add(3)).toBe(6);
});

it("never begins what nobody waits for, gives up when nobody waits any more, and lets the others finish", async () => {
	const { groups, line } = doublingLine(10);
	const cancelled = { category: "CANCELLED" };
	const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
	const alone = line.add(1, first.signal);
	const waiting = line.add(2, second.signal);
	first.abort();
	second.abort();
	await expect(alone).rejects.toMatchObject(cancelled);
	await expect(waiting).rejects.toMatchObject(cancelled);
	expect(groups).toEqual([[1]]);
	const [working, dropped, kept] = [line.add(3), line.add(4, third.signal), line.add(5)];
	await working;
	await setTimeout(3);
	third.abort();
	await expect(dropped).rejects.toMatchObject(cancelled);
	expect(await kept).toBe(10);
	expect(groups.slice(1)).toEqual([[3], [4, 5]]);
});
