import { readFileSync } from "node:fs";
import { createRandom, fillNormal } from "@archgen/random";
import { f32, SessionPool } from "@archgen/tensor-graph";
import { afterAll, expect, it } from "vitest";
import { CcnfModel } from "./ccnf-model.js";
import type { CcnfSize } from "./ccnf-size.js";
import { divergenceModel, type TrainedFlow } from "./export-ccnf.js";
import { identityNormalization, type Normalization } from "./moving-batch-norm.js";
import { nllGradient } from "./nll-gradient.js";
import { nllGraphs } from "./nll-graphs.js";

interface Encoded {
	readonly shape: number[];
	readonly data: number[];
}

/**
 * A small flow in PyTorch in float64, written by bench/reference: the divergence from the whole Jacobian; density and gradient by
 * 200 steps of a Runge–Kutta method of order 4, the gradient by back-propagation through all of them.
 */
interface Recorded {
	readonly size: CcnfSize;
	readonly parameters: Record<string, Encoded>;
	readonly latents: Encoded;
	readonly conditions: Encoded;
	readonly probe: Encoded;
	readonly endTime: number;
	readonly noiseNorm: Normalization;
	readonly t: number;
	readonly velocity: Encoded;
	readonly divergence: Encoded;
	readonly logDensity: Encoded;
	readonly nll: {
		readonly loss: number;
		readonly gradients: Record<string, Encoded>;
		readonly endTime: number;
	};
}

const path = new URL("../fixtures/flow.json", import.meta.url);
const recorded = JSON.parse(readFileSync(path, "utf8")) as Recorded;
const { size, endTime, noiseNorm } = recorded;
const [latents, conditions, probe] = [recorded.latents, recorded.conditions, recorded.probe].map(values);
const rows = recorded.latents.shape[0]!;

const flow: TrainedFlow = {
	description: {
		objective: "nll",
		latentNorm: identityNormalization(size.dimension),
		...{ size, endTime, noiseNorm },
	},
	parameters: new Map(Object.entries(recorded.parameters).map(([name, value]) => [name, values(value)])),
};

const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());

function values({ data }: Encoded): Float32Array {
	return Float32Array.from(data);
}

function expectClose(actual: ArrayLike<number>, { data }: Encoded, tolerance: number, what = ""): void {
	expect(actual.length).toBe(data.length);
	data.forEach((value, i) => {
		expect(Math.abs(actual[i]! - value), `${what}[${i}]`).toBeLessThan(
			tolerance * Math.max(1, Math.abs(value)),
		);
	});
}

it("has PyTorch's velocity", async () => {
	const model = await CcnfModel.fromFlow(pool, flow);
	expectClose(await model.velocity(latents!, recorded.t, conditions!), recorded.velocity, 1e-6);
});

it("has the log-density of the exact trace", async () => {
	const model = await CcnfModel.fromFlow(pool, flow);
	const data = { latents: latents!, conditions: conditions! };
	const density = await model.logDensity(data, { trace: { kind: "exact" }, tolerance: 1e-7 });
	expectClose(density, recorded.logDensity, 2e-6);
});

it("follows the likelihood by the adjoint method as back-propagation through a fixed-step solver does", async () => {
	const { parameters, ...files } = nllGraphs(size, rows);
	const specs = parameters.specs();
	const feeds = specs.map(({ name, shape }) => [name, f32(values(recorded.parameters[name]!), shape)]);
	const result = await nllGradient({
		...{ size, endTime, noiseNorm, latents: latents!, conditions: conditions!, probe: probe! },
		forward: await pool.load(files.forward),
		backward: await pool.load(files.backward),
		parameters: Object.fromEntries(feeds),
		tolerance: 1e-5,
	});
	expect(specs.map(({ name }) => name).sort()).toEqual(Object.keys(recorded.nll.gradients).sort());
	expect(result.loss).toBeCloseTo(recorded.nll.loss, 4);
	expect(Math.abs(result.endTime - recorded.nll.endTime)).toBeLessThan(1e-4);
	let offset = 0;
	for (const { name } of specs) {
		const expected = recorded.nll.gradients[name]!;
		const slice = result.parameters.subarray(offset, offset + expected.data.length);
		expectClose(slice, expected, 1e-4, name);
		offset += expected.data.length;
	}
	expect(offset).toBe(result.parameters.length);
});

/** eᵀ (∂g/∂u) e for many probes at the recorded points; probes flat [count · rows, D], all rows once for each probe. */
async function traces(probes: Float32Array): Promise<Float32Array> {
	const divergence = await pool.load(divergenceModel(flow));
	const count = probes.length / size.dimension;
	const repeated = (data: Float32Array) =>
		Float32Array.from({ length: (count / rows) * data.length }, (_, i) => data[i % data.length]!);
	const { trace } = await divergence.run({
		u: f32(repeated(latents!), [count, size.dimension]),
		t: f32(new Float32Array(count).fill(recorded.t), [count, 1]),
		z: f32(repeated(conditions!), [count, size.condition]),
		probe: f32(probes, [count, size.dimension]),
	});
	return trace!.data as Float32Array;
}

it("adds unit probes up to the trace of the whole Jacobian", async () => {
	const D = size.dimension;
	const units = new Float32Array(D * rows * D).map((_, i) => (i % D === Math.floor(i / (rows * D)) ? 1 : 0));
	const parts = await traces(units);
	const sums = Array.from({ length: rows }, (_, row) =>
		Array.from({ length: D }, (_, axis) => parts[axis * rows + row]!).reduce((a, b) => a + b, 0),
	);
	expectClose(sums, recorded.divergence, 1e-6);
});

it("estimates the trace by random probes with an error that falls as 1/√probes", async () => {
	const count = 20_000;
	const estimates = await traces(
		fillNormal(createRandom(6), new Float32Array(count * rows * size.dimension)),
	);
	for (let row = 0; row < rows; row++) {
		const own = estimates.filter((_, i) => i % rows === row);
		const mean = own.reduce((sum, x) => sum + x, 0) / count;
		const deviation = Math.sqrt(own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count);
		const exact = recorded.divergence.data[row]!;
		expect(deviation).toBeGreaterThan(0.1 * Math.abs(exact)); // the probes are random, the bound below says something
		expect(Math.abs(mean - exact)).toBeLessThan((4 * deviation) / Math.sqrt(count));
	}
});
