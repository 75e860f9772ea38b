import { expect, test } from "vitest";
import { eventually } from "../../rpc/testing/sample-server.js";
import { repeat } from "./repeat.js";

test("a task runs until it is stopped, never twice at once", async () => {
	let runs = 0;
	let running = 0;
	const stop = repeat(async () => {
		running += 1;
		expect(running).toBe(1);
		await new Promise((resolve) => setTimeout(resolve, 3));
		running -= 1;
		runs += 1;
	}, 1);
	await eventually(() => runs >= 3);
	stop();
	await eventually(() => running === 0);
	const before = runs;
	await new Promise((resolve) => setTimeout(resolve, 20));
	expect(runs).toBe(before);
});
