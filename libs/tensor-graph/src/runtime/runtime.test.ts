import { ArchgenError } from "@archgen/errors";
import { describe, expect, it } from "vitest";
import { describeRuntime } from "../../test/runtime-suite.js";
import { buildModel } from "../model.js";
import { add, constant, input, matMul, reduceMean, scalar } from "../operators/index.js";
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

/** Module of a procedure with this source. */
function procedure(source: string): URL {
	return new URL(`data:text/javascript,${encodeURIComponent(`export default ${source};`)}`);
}

const untilAborted = procedure(
	"async (model, x, signal) => { while (!signal.aborted) await new Promise(setImmediate); throw signal.reason }",
);

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

	it("does not begin a waiting run whose signal fires", async () => {
		const pool = SessionPool.create({ threadsPerWorker: 1 });
		const [total, x] = [input("total", []), input("x", [400, 400])];
		const next = add(total, reduceMean(matMul(x, x)));
		const bytes = buildModel({ outputs: { next } });
		const counter = await pool.loadStateful(bytes, {
			initial: { total: f32([0], []) },
			next: { total: "next" },
		});
		const [busy, controller] = [new AbortController(), new AbortController()];
		const first = (await pool.load(doubling())).perform(untilAborted, null, busy.signal);
		const runs = [1, 2, 3].map((n) => counter.run({ x: ones }, n === 2 ? { signal: controller.signal } : {}));
		controller.abort();
		busy.abort();
		await expect(first).rejects.toMatchObject({ reason: "CANCELLED" });
		await expect(runs[1]).rejects.toMatchObject({ reason: "CANCELLED" });
		await runs[2];
		expect((await counter.readState()).total!.data[0]).toBe(2 * 400);
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

	it("keeps the state of a model in the worker", async () => {
		const pool = SessionPool.create({ workers: 2, threadsPerWorker: 1 });
		const [total, amount] = [input("total", []), input("amount", [])];
		const next = add(total, amount);
		const bytes = buildModel({ outputs: { next, report: add(next, scalar(0.5)) } });
		const model = await pool.loadStateful(bytes, {
			initial: { total: f32([10], []) },
			next: { total: "next" },
		});
		const results = await Promise.all([1, 2, 3].map((n) => model.run({ amount: f32([n], []) })));
		expect(results.map((r) => [Object.keys(r), r.report!.data[0]])).toEqual(
			[11.5, 13.5, 16.5].map((n) => [["report"], n]),
		);
		expect((await model.readState()).total!.data[0]).toBe(16);
		await expect(model.run({})).rejects.toBeInstanceOf(ArchgenError);
		expect((await model.readState()).total!.data[0]).toBe(16);
		await pool.close();
	});
});
