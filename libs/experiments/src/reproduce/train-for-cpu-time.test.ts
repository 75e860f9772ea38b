import { join } from "node:path";
import { CCNF_CONFIG, type FlowData, NLL_CONFIG } from "@archgen/ccnf";
import { createRandom, fillNormal } from "@archgen/random";
import { SessionPool } from "@archgen/tensor-graph";
import { afterAll, expect, test } from "vitest";
import { temporaryFolder } from "../../../pipeline/testing/temporary-folder.js";
import { type CpuTimeTask, trainForCpuTime } from "./train-for-cpu-time.js";

const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());

const size = { dimension: 2, condition: 1, hidden: 4, layers: 1 };
const small = { size, batch: 8, tolerance: 1e-2 };
const data: FlowData = {
	latents: fillNormal(createRandom(0), new Float32Array(40)),
	conditions: fillNormal(createRandom(1), new Float32Array(20)),
};

/** Each look at the clock is a second later than the one before. */
function task(path: string, change: Partial<CpuTimeTask> = {}): CpuTimeTask {
	let now = 0;
	return {
		...{ pool, data, path, dataIdentity: "test", budget: 100 },
		config: { ...CCNF_CONFIG, ...small },
		cpuSeconds: () => ++now,
		progress: () => ({ update: () => {}, stop: () => {} }),
		signal: new AbortController().signal,
		...change,
	};
}

test.each([
	["flow-matching", CCNF_CONFIG],
	["nll", NLL_CONFIG],
])("%s trains until the time is used up, and not again", async (_, config) => {
	const path = join(temporaryFolder(), "flow.safetensors");
	const first = await trainForCpuTime(task(path, { config: { ...config, ...small } }));
	expect(first.steps).toBeGreaterThan(10);
	// This clock ticks with every look at it, and the trial looks more often: a falling schedule ends a little early.
	expect(first.cpuSeconds).toBeGreaterThan(60);
	expect(first.cpuSeconds).toBeLessThan(125);
	expect(await trainForCpuTime(task(path, { config: { ...config, ...small } }))).toEqual(first);
});

test("a stopped training goes on with what is left of its time", async () => {
	const path = join(temporaryFolder(), "flow.safetensors");
	const stop = new AbortController();
	let updates = 0;
	const progress = () => ({ update: () => ++updates === 30 && stop.abort(), stop: () => {} });
	await expect(trainForCpuTime(task(path, { progress, signal: stop.signal }))).rejects.toMatchObject({
		reason: "CANCELLED",
	});
	let more = 0;
	const counted = { update: () => void more++, stop: () => {} };
	const { steps } = await trainForCpuTime(task(path, { progress: () => counted }));
	expect(more).toBeLessThan(steps);
	expect(more).toBeGreaterThan(0);
});

test("a checkpoint of other data is refused", async () => {
	const path = join(temporaryFolder(), "flow.safetensors");
	await trainForCpuTime(task(path, { budget: 20 }));
	const other = trainForCpuTime(task(path, { budget: 20, dataIdentity: "other" }));
	await expect(other).rejects.toMatchObject({ reason: "CHECKPOINT_MISMATCH" });
});
