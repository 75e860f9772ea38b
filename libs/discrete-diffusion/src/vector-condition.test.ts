import { createRandom } from "@archgen/random";
import { vectorCondition } from "@archgen/score-diffusion";
import { SessionPool } from "@archgen/tensor-graph";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conditionWidth } from "./conditions.js";
import { DiscreteSampler } from "./discrete-sampler.js";
import { emptyGraphs, type GraphShape, type Graphs } from "./graph-shape.js";
import { SMALL_DENOISER } from "./network/denoiser-size.js";
import { COSINE_SCHEDULE } from "./noise-schedule.js";
import { denoise } from "./reverse-process.js";
import { DENOISER_CONFIG, type DenoiserTraining, trainDenoiser } from "./train-denoiser.js";
import { DENOISER_FILES, exportDenoiser, importDenoiser } from "./trained-denoiser.js";
import { rowDrawer } from "./training-data.js";

/** Chains of four nodes with two classes each; the vector is the centred number of nodes of class 1 and that of the last node. */
const SHAPE: GraphShape = { nodes: 4, nodeClasses: 2 };
const ROWS = 16;
const GRAPHS: Graphs = { ...emptyGraphs(SHAPE, ROWS), count: ROWS };
const bitsOf = (row: number) => [row >> 3, (row >> 2) & 1, (row >> 1) & 1, row & 1];
const vectorOf = (bits: readonly number[]) => [bits.reduce((a, b) => a + b, 0) - 2, bits[3]! - 0.5];
for (let row = 0; row < ROWS; row++) {
	GRAPHS.nodes.set(bitsOf(row), row * 4);
	GRAPHS.edges.set([1, 0, 0, 1, 0, 1], row * 6);
}
const VECTORS = Float32Array.from(Array.from({ length: ROWS }, (_, row) => vectorOf(bitsOf(row))).flat());
const DATA = {
	...{ graphs: GRAPHS, metrics: [], labelled: GRAPHS, classes: new Uint8Array() },
	...{ vector: 2, vectors: VECTORS },
};
const NARROW = { hidden: 16, heads: 2, pair: 8, layers: 2, feedForward: 32, pairFeedForward: 16 };
const CONFIG = {
	...DENOISER_CONFIG,
	size: { ...SMALL_DENOISER, ...NARROW, condition: 8 },
	...{ steps: 800, batch: 64, dropout: 0.2, learningRate: 5e-3, warmupSteps: 30 },
};

const pool = SessionPool.create({ threadsPerWorker: 1 });
let training: DenoiserTraining;
let sampler: DiscreteSampler;
beforeAll(async () => {
	training = await trainDenoiser(pool, DATA, SHAPE, CONFIG);
	sampler = await DiscreteSampler.create(pool, training.denoiser);
});
afterAll(() => pool.close());

const REQUEST = { steps: 20, guidance: 1, classes: [], random: createRandom(2), padded: false };

async function sampled(vectors: readonly (readonly number[])[], options: object = {}) {
	const { nodes } = await sampler.sample({ ...REQUEST, count: vectors.length, vectors, ...options });
	return vectors.map((_, row) => [...nodes.subarray(row * 4, row * 4 + 4)]);
}

/** Mean L1 distance of samples to the vectors that they were asked for. */
function distance(samples: readonly (readonly number[])[], vectors: readonly (readonly number[])[]) {
	const each = samples.map((bits, row) =>
		vectorOf(bits).reduce((sum, value, k) => sum + Math.abs(value - vectors[row]![k]!), 0),
	);
	return each.reduce((a, b) => a + b, 0) / each.length;
}

describe("a denoiser that is asked for a vector", () => {
	const wanted = Array.from({ length: 96 }, (_, row) => vectorOf(bitsOf(row % ROWS)));

	it("gives each sample of a batch its own vector, far nearer than samples without one", async () => {
		const asked = distance(await sampled(wanted), wanted);
		const free = distance(await sampled(wanted, { vectors: undefined }), wanted);
		expect(asked).toBeLessThan(0.15);
		expect(free).toBeGreaterThan(0.7);
	});

	it("leaves open what the vector does not say", async () => {
		const samples = await sampled(new Array(64).fill([0, 0.5]));
		const firsts = new Set(samples.map((bits) => bits.join("")));
		// two ones, the last node among them: three graphs
		expect(["1001", "0101", "0011"].every((bits) => firsts.has(bits))).toBe(true);
	});

	it("repeats itself for a seed, survives its files and refuses vectors that do not fit", async () => {
		expect(await sampled(wanted)).toEqual(await sampled(wanted));
		const network = exportDenoiser(training.denoiser).get(DENOISER_FILES.network)!;
		expect(importDenoiser(network, training.denoiser.description)).toEqual(training.denoiser);
		await expect(sampled([[0]])).rejects.toThrow(/vectors/);
		await expect(sampled([[0, Number.NaN]])).rejects.toThrow(/vectors/);
		await expect(sampled(wanted, { count: 3 })).rejects.toThrow(/vectors/);
		await expect(sampled(wanted, { temperature: 0 })).rejects.toThrow(/temperature/);
	});
});

it("refuses training vectors that are not finite, or not as many as graphs", async () => {
	const broken = VECTORS.slice();
	broken[3] = Number.POSITIVE_INFINITY;
	await expect(trainDenoiser(pool, { ...DATA, vectors: broken }, SHAPE, CONFIG)).rejects.toThrow(/vectors/);
	const few = VECTORS.subarray(2);
	await expect(trainDenoiser(pool, { ...DATA, vectors: few }, SHAPE, CONFIG)).rejects.toThrow(/vectors/);
});

it("drops vectors with the given probability and else tells the row's own", () => {
	fc.assert(
		fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, dropout) => {
			const { graphs, conditions } = rowDrawer(SHAPE, DATA, dropout)(400, createRandom(seed));
			expect(conditions.length).toBe(400 * conditionWidth(DATA));
			let told = 0;
			for (let row = 0; row < 400; row++) {
				const condition = conditions.subarray(row * 3, row * 3 + 3);
				const bits = [...graphs.nodes.subarray(row * 4, row * 4 + 4)];
				const own = condition[2] === 1;
				told += own ? 1 : 0;
				expect(condition).toEqual(vectorCondition(DATA.vector, own ? vectorOf(bits) : undefined));
			}
			expect(Math.abs(told / 400 - (1 - dropout))).toBeLessThan(0.13);
		}),
		{ numRuns: 20 },
	);
});

it("draws the classes of a step from the softmax of the logits over the temperature", async () => {
	const [rows, logit, temperature] = [4000, 1.2, 0.5];
	const nodes = Float32Array.from({ length: rows * 8 }, (_, i) => (i % 2) * logit);
	const edges = new Float32Array(rows * 32);
	const marginals = { nodes: [0.5, 0.5], edges: [0.5, 0.5] };
	const problem = { shape: SHAPE, schedule: COSINE_SCHEDULE, marginals, jumps: 1, rows };
	const random = createRandom(3);
	const drawn = await denoise({ ...problem, temperature, random }, async () => ({ nodes, edges }));
	const share = drawn.nodes.reduce((sum, label) => sum + label, 0) / drawn.nodes.length;
	expect(share).toBeCloseTo(1 / (1 + Math.exp(-logit / temperature)), 2);
});
