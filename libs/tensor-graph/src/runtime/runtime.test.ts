import { ArchgenError } from "@archgen/errors";
import { describe, expect, it } from "vitest";
import { describeRuntime } from "../../test/runtime-suite.js";
import { buildModel } from "../model.js";
import { add, constant, input, matMul } from "../operators/index.js";
import { createInlineRuntime } from "./inline-runtime.js";
import { f32 } from "./runtime.js";
import { SessionPool } from "./session-pool.js";

describeRuntime("the calling thread", () => createInlineRuntime());
describeRuntime("a pool of one worker", () => SessionPool.create({ threadsPerWorker: 1 }));
describeRuntime("a pool of two workers", () => SessionPool.create({ workers: 2, threadsPerWorker: 1 }));

/** A product that keeps a core busy for some milliseconds. */
function slowModel(): Uint8Array {
	const size = 400;
	const x = input("x", [size, size]);
	const eye = constant(
		Float32Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0)),
		[size, size],
	);
	return buildModel({ outputs: { y: matMul(matMul(x, eye), eye) } });
}

function doubling(): Uint8Array {
	const x = input("x", []);
	return buildModel({ outputs: { y: add(x, x) } });
}

/** Module of a procedure or resident with this source. */
function procedure(source: string): URL {
	return new URL(`data:text/javascript,${encodeURIComponent(`export default ${source};`)}`);
}

const untilAborted = procedure(
	"async (model, x, signal) => { while (!signal.aborted) await new Promise(setImmediate); throw signal.reason }",
);

/** Doubles the sum of all numbers it has been asked with. */
const summing = procedure(`(model, start) => {
	let total = start;
	return async (n) => {
		if (Number.isNaN(n)) throw new Error("no number");
		total += n;
		const { y } = await model.run({ x: { dtype: "float32", shape: [], data: Float32Array.of(total) } });
		return y.data[0];
	};
}`);

const ones = f32(new Float32Array(400 * 400).fill(1), [400, 400]);
const reasonOf = (error: unknown) => (error as ArchgenError).reason;

describe("a session pool", () => {
	it("leaves the calling thread free while models run", async () => {
		const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
		const model = await pool.load(slowModel());
		let ticks = 0;
		const timer = setInterval(() => ticks++, 1);
		await Promise.all(Array.from({ length: 4 }, () => model.run({ x: ones }, { fetch: ["y"] })));
		clearInterval(timer);
		expect(ticks).toBeGreaterThan(3);
		await pool.close();
	});

	it("throws away the result of a run that is cancelled under way", async () => {
		const pool = SessionPool.create({ threadsPerWorker: 1 });
		const model = await pool.load(slowModel());
		const controller = new AbortController();
		const run = model.run({ x: ones }, { signal: controller.signal });
		controller.abort();
		await expect(run).rejects.toMatchObject({ reason: "CANCELLED" });
		expect((await model.run({ x: ones })).y!.data[0]).toBe(1);
		await pool.close();
	});

	it("does not begin a waiting request whose signal fires", async () => {
		const pool = SessionPool.create({ threadsPerWorker: 1 });
		const [counter] = await pool.loadResidents<number, number, number>(summing, [
			{ model: doubling(), setup: 0 },
		]);
		const [busy, controller] = [new AbortController(), new AbortController()];
		const first = (await pool.load(doubling())).perform(untilAborted, null, busy.signal);
		const sums = [1, 2, 3].map((n) => counter!.ask(n, n === 2 ? controller.signal : undefined));
		controller.abort();
		busy.abort();
		await expect(first).rejects.toMatchObject({ reason: "CANCELLED" });
		await expect(sums[1]).rejects.toMatchObject({ reason: "CANCELLED" });
		expect(await sums[2]).toBe(2 * (1 + 3));
		await pool.close();
	});

	it("calls a procedure where the model is, and brings back what it returns or throws", async () => {
		const pool = SessionPool.create({ threadsPerWorker: 1 });
		const model = await pool.load(doubling());
		const twice = procedure(
			"async (model, x) => (await model.run({ x: (await model.run({ x })).y })).y.data[0]",
		);
		expect(await model.perform(twice, f32([3], []))).toBe(12);
		const failing = procedure("async (model, x) => model.run({ z: x })");
		await expect(model.perform(failing, f32([3], []))).rejects.toMatchObject({ reason: "MODEL_RUN_FAILED" });
		await pool.close();
	});

	it("tells a procedure when its call is cancelled or the pool closes, and goes on", async () => {
		const pool = SessionPool.create({ threadsPerWorker: 1 });
		const model = await pool.load(doubling());
		const controller = new AbortController();
		const call = model.perform(untilAborted, null, controller.signal);
		setTimeout(() => controller.abort(), 20);
		await expect(call).rejects.toMatchObject({ reason: "CANCELLED" });
		expect((await model.run({ x: f32([2], []) })).y!.data[0]).toBe(4);
		const last = expect(model.perform(untilAborted, null)).rejects.toBeInstanceOf(ArchgenError);
		await new Promise((resolve) => setTimeout(resolve, 20));
		await pool.close();
		await last;
	});

	it("fails what is waiting when it closes, and everything after", async () => {
		const pool = SessionPool.create({ threadsPerWorker: 1 });
		const model = await pool.load(slowModel());
		const runs = Promise.allSettled(Array.from({ length: 5 }, () => model.run({ x: ones })));
		await new Promise((resolve) => setTimeout(resolve, 5));
		await pool.close();
		for (const run of await runs)
			if (run.status === "rejected") expect(reasonOf(run.reason)).toBe("MODEL_RUN_FAILED");
		expect((await runs).at(-1)!.status).toBe("rejected");
		await expect(model.run({ x: ones })).rejects.toBeInstanceOf(ArchgenError);
	});

	it("refuses to run a released model", async () => {
		const pool = SessionPool.create();
		const model = await pool.load(slowModel());
		await model.release();
		await expect(model.run({ x: ones })).rejects.toThrow("released");
		await pool.close();
	});

	it("lets a resident remember, beside each model of its own", async () => {
		const pool = SessionPool.create({ workers: 2, threadsPerWorker: 1 });
		const homes = [10, 20, 30].map((setup) => ({ model: doubling(), setup }));
		const residents = await pool.loadResidents<number, number, number>(summing, homes);
		const ask = (n: number) => Promise.all(residents.map((resident) => resident.ask(n)));
		expect(await ask(1)).toEqual([22, 42, 62]);
		expect(await ask(2)).toEqual([26, 46, 66]);
		await expect(residents[0]!.ask(Number.NaN)).rejects.toThrow("no number");
		expect(await ask(0)).toEqual([26, 46, 66]);
		await residents[0]!.release();
		await expect(residents[0]!.ask(1)).rejects.toThrow("released");
		expect(await residents[1]!.ask(1)).toBe(48);
		await pool.close();
	});

	it("gives residents workers of their own", async () => {
		const pool = SessionPool.create({ workers: 2, threadsPerWorker: 1 });
		const thread = procedure("() => async () => (await import('node:worker_threads')).threadId");
		const home = { model: doubling(), setup: null };
		const [one] = await pool.loadResidents<null, null, number>(thread, [home]);
		const [other] = await pool.loadResidents<null, null, number>(thread, [home]);
		const both = await pool.loadResidents<null, null, number>(thread, [home, home]);
		expect(await one!.ask(null)).not.toBe(await other!.ask(null));
		expect(await both[0]!.ask(null)).not.toBe(await both[1]!.ask(null));
		await pool.close();
	});
});
