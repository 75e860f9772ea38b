import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrderOfCompletion } from "./in-order-of-completion.js";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("every item is worked on once, never more than the limit at a time", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.nat({ max: 3 }), { maxLength: 12 }),
			fc.integer({ min: 1, max: 4 }),
			async (delays, limit) => {
				let running = 0;
				let most = 0;
				const results: number[] = [];
				const work = async (delay: number, index: number) => {
					running += 1;
					most = Math.max(most, running);
					await sleep(delay);
					running -= 1;
					return index;
				};
				for await (const index of inOrderOfCompletion(delays, limit, work)) {
					results.push(index);
				}
				expect(results.sort((a, b) => a - b)).toEqual(delays.map((_, index) => index));
				expect(most).toBeLessThanOrEqual(limit);
			},
		),
		{ numRuns: 20 },
	);
});

test("quick items overtake slow ones", async () => {
	const results: number[] = [];
	const work = async (delay: number) => {
		await sleep(delay);
		return delay;
	};
	for await (const delay of inOrderOfCompletion([60, 1, 20], 3, work)) {
		results.push(delay);
	}
	expect(results).toEqual([1, 20, 60]);
});

test("a reader that stops reading stops the source", async () => {
	let taken = 0;
	const source = async function* () {
		for (; ; taken += 1) {
			yield taken;
		}
	};
	const results = inOrderOfCompletion(source(), 2, async (item) => item);
	await results.next();
	await sleep(20);
	expect(taken).toBeLessThanOrEqual(3);
	await results.return();
});

test("what work or the source throws ends the iteration", async () => {
	const boom = new Error("boom");
	const failing = inOrderOfCompletion([1, 2, 3], 2, async (item) => {
		if (item === 2) {
			throw boom;
		}
		return item;
	});
	await expect(drain(failing)).rejects.toBe(boom);
	const source = async function* () {
		yield 1;
		throw boom;
	};
	await expect(drain(inOrderOfCompletion(source(), 2, async (item) => item))).rejects.toBe(boom);
});

async function drain<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) {
		all.push(item);
	}
	return all;
}
