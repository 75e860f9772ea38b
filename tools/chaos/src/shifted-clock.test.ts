import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const DAY = 24 * 60 * 60 * 1000;
const PROGRAM = `
	const { setTimeout: sleep } = await import("node:timers/promises");
	const { Worker } = await import("node:worker_threads");
	const before = performance.now();
	await sleep(100);
	const passed = performance.now() - before;
	const look = 'import("node:worker_threads").then(({ parentPort }) => setTimeout(() => parentPort.postMessage(Date.now()), 100))';
	const worker = new Worker(look, { eval: true });
	const [now, made, called, given] = [Date.now(), new Date(), Date(), new Date(5)];
	const inWorker = await new Promise((done) => worker.once("message", done));
	console.log(JSON.stringify({ now, made: made.getTime(), called: Date.parse(called), given: given.getTime(), inWorker, passed, own: made instanceof Date }));
`;

test("the wall clock of a process and its workers is ahead by what the file says; other clocks and given times are not", async () => {
	const folder = await mkdtemp(join(tmpdir(), "archgen-clock-"));
	try {
		const clock = join(folder, "clock");
		await writeFile(clock, String(-DAY));
		const preload = new URL("../dist/shifted-clock.js", import.meta.url);
		const { stdout } = await promisify(execFile)(
			process.execPath,
			[`--import=${preload}`, "--input-type=module", "--eval", PROGRAM],
			{ env: { ...process.env, ARCHGEN_CHAOS_CLOCK: clock } },
		);
		const { now, made, called, given, inWorker, passed, own } = JSON.parse(stdout);
		for (const time of [now, made, called, inWorker]) {
			expect(Date.now() - time).toBeGreaterThanOrEqual(DAY);
			expect(Date.now() - time).toBeLessThan(1.5 * DAY);
		}
		expect({ given, own }).toEqual({ given: 5, own: true });
		expect(passed).toBeLessThan(DAY / 2);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});
