import { createRandom } from "@archgen/random";
import { SessionPool } from "@archgen/tensor-graph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DiscreteSampler } from "./discrete-sampler.js";
import { emptyGraphs, type GraphShape, type Graphs } from "./graph-shape.js";
import { SMALL_DENOISER } from "./network/denoiser-size.js";
import { DENOISER_CONFIG, type DenoiserTraining, trainDenoiser } from "./train-denoiser.js";
import { DENOISER_FILES, exportDenoiser, importDenoiser } from "./trained-denoiser.js";

/** Chains of three nodes with three classes each: 27 graphs. */
const SHAPE: GraphShape = { nodes: 3, nodeClasses: 3 };
const GRAPHS: Graphs = { ...emptyGraphs(SHAPE, 27), count: 27 };
for (let row = 0; row < 27; row++) {
	GRAPHS.nodes.set([Math.floor(row / 9), Math.floor(row / 3) % 3, row % 3], row * 3);
	GRAPHS.edges.set([1, 0, 1], row * 3);
}
const zeros = (row: number) =>
	[...GRAPHS.nodes.subarray(row * 3, row * 3 + 3)].filter((label) => label === 0).length;
const METRICS = [
	{ name: "zeros", classes: ["rest", "top"], bound: { least: 2 } },
	{ name: "last", classes: ["rest", "top"], bound: { least: 2 } },
] as const;
const CLASSES = Uint8Array.from(
	Array.from({ length: 27 }, (_, row) => [zeros(row) >= 2 ? 1 : 0, row % 3 === 2 ? 1 : 0]).flat(),
);
const DATA = { graphs: GRAPHS, metrics: METRICS, labelled: GRAPHS, classes: CLASSES };
const SIZE = {
	...SMALL_DENOISER,
	hidden: 16,
	heads: 2,
	pair: 8,
	layers: 2,
	feedForward: 32,
	pairFeedForward: 16,
	condition: 8,
};
const CONFIG = {
	...DENOISER_CONFIG,
	size: SIZE,
	steps: 800,
	batch: 64,
	dropout: 0.4,
	learningRate: 5e-3,
	warmupSteps: 30,
};

const pool = SessionPool.create({ threadsPerWorker: 1 });
let training: DenoiserTraining;
let sampler: DiscreteSampler;
beforeAll(async () => {
	training = await trainDenoiser(pool, DATA, SHAPE, CONFIG);
	sampler = await DiscreteSampler.create(pool, training.denoiser);
});
afterAll(() => pool.close());

async function shares(classes: readonly (number | undefined)[], guidance: number, steps = 20) {
	const { nodes, edges } = await sampler.sample({
		count: 256,
		steps,
		guidance,
		classes,
		random: createRandom(2),
	});
	const rows = Array.from({ length: 256 }, (_, row) => row);
	const share = (holds: (row: number) => boolean) => rows.filter(holds).length / 256;
	return {
		valid: share((row) => edges.subarray(row * 3, row * 3 + 3).join() === "1,0,1"),
		zeros: share(
			(row) => [...nodes.subarray(row * 3, row * 3 + 3)].filter((label) => label === 0).length >= 2,
		),
		last: share((row) => nodes[row * 3 + 2] === 2),
	};
}

describe("a trained denoiser", () => {
	it("samples the training set's edges and shares without conditions, in few and in all steps", async () => {
		for (const steps of [10, 500]) {
			const { valid, zeros: share, last } = await shares([undefined, undefined], 0, steps);
			expect(valid).toBeGreaterThan(0.97);
			expect(Math.abs(share - 7 / 27)).toBeLessThan(0.12);
			expect(Math.abs(last - 1 / 3)).toBeLessThan(0.12);
		}
	});

	it("is led by one condition and by several, more with guidance", async () => {
		const plain = await shares([undefined, undefined], 0);
		const weak = await shares([1, undefined], 0);
		const strong = await shares([1, undefined], 2);
		expect(weak.zeros).toBeGreaterThan(plain.zeros + 0.4);
		expect(strong.zeros).toBeGreaterThanOrEqual(weak.zeros);
		const both = await shares([1, 1], 1);
		expect(Math.min(both.zeros, both.last)).toBeGreaterThan(0.9);
		expect((await shares([0, undefined], 1)).zeros).toBeLessThan(0.1);
	});

	it("gives the same first samples whatever the count, and survives its files", async () => {
		const request = { steps: 5, guidance: 1, classes: [1, undefined], random: createRandom(5) };
		const short = await sampler.sample({ ...request, count: 10 });
		const long = await sampler.sample({ ...request, count: 100 });
		expect(long.nodes.subarray(0, short.nodes.length)).toEqual(short.nodes);
		const network = exportDenoiser(training.denoiser).get(DENOISER_FILES.network)!;
		expect(importDenoiser(network, training.denoiser.description)).toEqual(training.denoiser);
	});

	it("is the same after an interruption", async () => {
		const config = { ...CONFIG, steps: 8 };
		const whole = await trainDenoiser(pool, DATA, SHAPE, config);
		const saved: DenoiserTraining["state"][] = [];
		const save = async (state: DenoiserTraining["state"]) => void saved.push(state);
		await trainDenoiser(pool, DATA, SHAPE, config, { checkpoint: { every: 5, save } });
		const resumed = await trainDenoiser(pool, DATA, SHAPE, config, { resume: saved[0]! });
		expect(resumed.denoiser.parameters).toEqual(whole.denoiser.parameters);
	});

	it("refuses steps, guidance and classes out of range", async () => {
		const request = { count: 1, steps: 5, guidance: 1, classes: [1, 1], random: createRandom(0) };
		await expect(sampler.sample({ ...request, steps: 501 })).rejects.toThrow(/steps/);
		await expect(sampler.sample({ ...request, guidance: -1 })).rejects.toThrow(/guidance/);
		await expect(sampler.sample({ ...request, classes: [1] })).rejects.toThrow(/classes/);
	});
});
