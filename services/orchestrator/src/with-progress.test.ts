import { expect, test } from "vitest";
import { withProgress } from "./with-progress.js";

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) {
		all.push(item);
	}
	return all;
}

test("progress comes as it is made, the result last", async () => {
	const run = async (report: (progress: number) => void) => {
		for (const step of [1, 2, 3]) {
			report(step);
			await tick();
		}
		return "done";
	};
	expect(await collect(withProgress(run))).toEqual([
		{ progress: 1 },
		{ progress: 2 },
		{ progress: 3 },
		{ result: "done" },
	]);
});

test("a slow reader gets the latest progress, and always the last before the result", async () => {
	const run = async (report: (progress: number) => void) => {
		for (let step = 0; step < 100; step += 1) {
			report(step);
		}
		return "done";
	};
	expect(await collect(withProgress(run))).toEqual([{ progress: 99 }, { result: "done" }]);
});

test("a failure comes out after the progress before it", async () => {
	const events: unknown[] = [];
	const run = async (report: (progress: number) => void) => {
		report(1);
		await tick();
		throw new Error("boom");
	};
	const read = async () => {
		for await (const event of withProgress(run)) {
			events.push(event);
		}
	};
	await expect(read()).rejects.toThrow("boom");
	expect(events).toEqual([{ progress: 1 }]);
});
