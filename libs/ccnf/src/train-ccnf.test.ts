import { createRandom } from "@archgen/random";
import { SessionPool } from "@archgen/tensor-graph";
import { afterAll, expect, it } from "vitest";
import { CCNF_CONFIG, type CcnfConfig, NLL_CONFIG } from "./ccnf-config.js";
import { CcnfModel } from "./ccnf-model.js";
import type { FlowData } from "./flow-data.js";
import { heldOutFlowMatchingLoss } from "./held-out-loss.js";
import { trainCcnf } from "./train-ccnf.js";
import type { CcnfCheckpoint } from "./training-hooks.js";

const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());

const SIZE = { dimension: 2, condition: 1, hidden: 32, layers: 2 };
const TINY: CcnfConfig = { ...CCNF_CONFIG, size: SIZE, batch: 128, steps: 400, learningRate: 1e-2 };

/** Condition ±1; given it, a Gaussian around (3z, −z) with standard deviations 0.5 and 1.5. */
function conditionalGaussian(rows: number): FlowData {
	const random = createRandom(9);
	const conditions = Float32Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 1 : -1));
	const latents = new Float32Array(2 * rows);
	conditions.forEach((z, row) => {
		latents.set([3 * z + 0.5 * random.normal(), -z + 1.5 * random.normal()], 2 * row);
	});
	return { latents, conditions };
}

function moments(latents: Float32Array, axis: number): { mean: number; std: number } {
	const values = [...latents].filter((_, i) => i % 2 === axis);
	const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
	return { mean, std: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) };
}

it("learns by flow matching the mean and deviation under each condition", async () => {
	const losses: number[] = [];
	const { flow } = await trainCcnf(pool, conditionalGaussian(2000), TINY, {
		onProgress: (_step, _total, metrics) => losses.push(metrics.loss!),
	});
	const model = await CcnfModel.fromFlow(pool, flow);
	const heldOut = await heldOutFlowMatchingLoss(model, conditionalGaussian(500), { random: createRandom(2) });
	const last = losses.slice(-50).reduce((sum, loss) => sum + loss / 50, 0);
	expect(last).toBeLessThan(losses[0]! * 0.8);
	expect(Math.abs(heldOut - last)).toBeLessThan(0.1 * last);
	for (const z of [1, -1]) {
		const conditions = Array.from({ length: 1000 }, () => [z]);
		const { latents } = await model.sample({
			conditions,
			temperature: 1,
			random: createRandom(5),
			tolerance: 1e-4,
		});
		const [x, y] = [moments(latents, 0), moments(latents, 1)];
		expect(x.mean).toBeCloseTo(3 * z, 0);
		expect(Math.abs(x.mean - 3 * z)).toBeLessThan(0.15);
		expect(Math.abs(x.std - 0.5)).toBeLessThan(0.12);
		expect(Math.abs(y.mean + z)).toBeLessThan(0.25);
		expect(Math.abs(y.std - 1.5)).toBeLessThan(0.25);
	}
});

it("learns by maximum likelihood: the loss falls towards the entropy and the end time moves", async () => {
	const losses: number[] = [];
	const config: CcnfConfig = {
		...TINY,
		objective: "nll",
		steps: 30,
		batch: 64,
		learningRate: 1e-2,
		tolerance: 1e-3,
		schedule: "constant",
	};
	const { flow } = await trainCcnf(pool, conditionalGaussian(2000), config, {
		onProgress: (_step, _total, metrics) => losses.push(metrics.loss!),
	});
	const average = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
	expect(average(losses.slice(-5))).toBeLessThan(average(losses.slice(0, 5)) - 0.4);
	expect(flow.description.endTime).not.toBeCloseTo(0.5, 4);
	const { evaluations } = await (await CcnfModel.fromFlow(pool, flow)).sample({
		conditions: [[1]],
		temperature: 1,
		random: createRandom(1),
	});
	expect(evaluations).toBeGreaterThan(0);
});

it.each([
	"flow-matching",
	"nll",
] as const)("continues %s from a checkpoint as if it had never stopped", async (objective) => {
	const data = conditionalGaussian(100);
	const config = { ...TINY, objective, batch: 16, steps: 6, tolerance: 1e-3 };
	const whole = await trainCcnf(pool, data, config);
	const saved: CcnfCheckpoint[] = [];
	const stop = new AbortController();
	const interrupted = trainCcnf(pool, data, config, {
		signal: stop.signal,
		onProgress: (step) => step === 4 && stop.abort(),
		checkpoint: { every: 3, save: async (checkpoint) => void saved.push(checkpoint) },
	});
	await expect(interrupted).rejects.toMatchObject({ reason: "CANCELLED" });
	const resumed = await trainCcnf(pool, data, config, { resume: saved[0]! });
	expect(resumed.flow).toEqual(whole.flow);
});

it("refuses data that do not belong together", async () => {
	const data = { latents: new Float32Array(4), conditions: new Float32Array(3) };
	expect(() => trainCcnf(pool, data, TINY)).toThrow(/conditions/);
});

it("trains the published form by exact likelihood, a stack of tanh layers that see time and condition as they are", async () => {
	const size = { dimension: 2, condition: 1, hidden: 16, layers: 2, form: "plain" } as const;
	const data = conditionalGaussian(600);
	const config: CcnfConfig = {
		...NLL_CONFIG,
		size,
		batch: 64,
		steps: 60,
		learningRate: 1e-2,
		tolerance: 1e-3,
	};
	const losses: number[] = [];
	const { flow } = await trainCcnf(pool, data, config, {
		onProgress: (_step, _total, metrics) => losses.push(metrics.loss!),
	});
	const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
	expect(mean(losses.slice(-10))).toBeLessThan(mean(losses.slice(0, 10)) - 0.5);
	const parameters = [...flow.parameters].map(([name, values]) => [name, values.length]);
	expect(Object.fromEntries(parameters)).toEqual({
		...layer("layers.0", 2, 16),
		...layer("layers.1", 16, 16),
		...layer("output", 16, 2),
		// trainable end time and the moving normalisations have parameters of their own
		...Object.fromEntries(parameters.filter(([name]) => !/^(?:layers|output)/.test(String(name)))),
	});
}, 120_000);

/** Numbers of a ConcatSquashLinear layer that sees time and one condition. */
function layer(name: string, inputs: number, outputs: number) {
	return {
		[`${name}.weight`]: inputs * outputs,
		[`${name}.bias`]: outputs,
		[`${name}.gate.weight`]: 2 * outputs,
		[`${name}.gate.bias`]: outputs,
		[`${name}.shift.weight`]: 2 * outputs,
	};
}
