import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { WaitingLine } from "./waiting-line.js";

/** A line that doubles numbers, each of which weighs as much as it says, and writes down what was worked on together. */
function doublingLine(capacity: number) {
	const groups: number[][] = [];
	const work = async (items: readonly number[]) => {
		groups.push([...items]);
		await setTimeout(5);
		if (items.includes(13)) throw new Error("unlucky");
		return items.map((item) => 2 * item);
	};
	return { groups, line: new WaitingLine(work, (item: number) => item, capacity) };
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

it("fails the calls of a failed piece only and goes on", async () => {
	const { line } = doublingLine(20);
	const results = await Promise.allSettled([1, 13, 2].map((item) => line.add(item)));
	expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
	expect(await line.add(3)).toBe(6);
});
