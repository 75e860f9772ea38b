import { createRandom, fillNormal } from "@archgen/random";
import { createInlineRuntime, f32, SessionPool } from "@archgen/tensor-graph";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mixtureScore, operationsOf, statesOf, TOY, TOY_ARCHITECTURES } from "../test/toy.js";
import { guided } from "./classifier-free.js";
import type { Sampler } from "./samplers.js";
import { ScoreSampler } from "./score-sampler.js";
import { quantize, stateSize } from "./state-shape.js";
import { type ScoreTraining, trainScore, VECTOR_SCORE_CONFIG } from "./train-score.js";
import { exportScore, importScore, SCORE_FILES } from "./trained-score.js";
import { vectorCondition } from "./vector-condition.js";

/** The vector of an architecture: its number of nodes with the first operation, and the operation of the last node, both near 0. */
const vectorOf = (nodes: readonly number[]) => [nodes.filter((o) => o === 0).length - 1, nodes[2]! - 1];
const VECTORS = Float32Array.from(TOY_ARCHITECTURES.flatMap(vectorOf));
/** Every node sees all others, as in spaces with free edges: a node's score depends on the others through the vector. */
const SHAPE = {
	...TOY,
	successors: [
		[1, 2],
		[0, 2],
		[0, 1],
	],
};
const STATES = statesOf(TOY_ARCHITECTURES);
const WIDTH = stateSize(TOY);
const SIZE = {
	...VECTOR_SCORE_CONFIG.size,
	hidden: 16,
	heads: 2,
	feedForward: 32,
	blocks: 2,
	output: 64,
	time: 32,
};
const CONFIG = {
	...VECTOR_SCORE_CONFIG,
	size: SIZE,
	steps: 2500,
	batch: 128,
	learningRate: 3e-3,
	warmupSteps: 50,
};
const ASKED = { width: 2, values: VECTORS, dropout: 0.2 };
const SAMPLER: Sampler = { kind: "probability-flow", steps: 20 };

const pool = SessionPool.create({ threadsPerWorker: 1 });
let training: ScoreTraining;
let scores: ScoreSampler;
beforeAll(async () => {
	training = await trainScore(pool, STATES, SHAPE, CONFIG, {}, ASKED);
	scores = await ScoreSampler.create(pool, training.score);
});
afterAll(() => pool.close());

/** Score of the network over the exact one of a mixture: squared error by squared size. */
async function errorOf(members: readonly number[], vector: readonly number[] | undefined, sigma: number) {
	const means = members.map((i) => [...STATES.subarray(i * WIDTH, (i + 1) * WIDTH)]);
	const rows = 64;
	const noise = fillNormal(createRandom(9), new Float32Array(rows * WIDTH));
	const x = noise.map((value, i) => means[Math.floor(i / WIDTH) % means.length]![i % WIDTH]! + sigma * value);
	const exact = mixtureScore({ weights: means.map(() => 1 / means.length), means, std: 0 }, x, sigma);
	const condition = vectorCondition(2, vector);
	const model = await createInlineRuntime().load(exportScore(training.score).get(SCORE_FILES.network)!);
	const outputs = await model.run({
		x: f32(x, [rows, TOY.nodes, TOY.operations]),
		sigma: f32(new Float32Array(rows).fill(sigma), [rows, 1]),
		condition: f32(
			Float32Array.from({ length: rows * 3 }, (_, i) => condition[i % 3]!),
			[rows, 3],
		),
	});
	const found = outputs.score!.data as Float32Array;
	const square = (values: Float32Array) => values.reduce((sum, v) => sum + v * v, 0);
	return square(found.map((value, i) => value - exact[i]!)) / square(exact);
}

const everyone = TOY_ARCHITECTURES.map((_, i) => i);
const having = (vector: readonly number[]) =>
	everyone.filter((i) => vectorOf(TOY_ARCHITECTURES[i]!).join() === vector.join());

describe("a score that is asked for a vector", () => {
	it("is that of the noised data with the vector, and without one of all the data", async () => {
		for (const sigma of [0.3, 1, 3]) {
			expect(await errorOf(everyone, undefined, sigma), `free, σ = ${sigma}`).toBeLessThan(0.05);
			for (const vector of [
				[0, 1],
				[-1, 0],
			])
				expect(await errorOf(having(vector), vector, sigma), `${vector}, σ = ${sigma}`).toBeLessThan(0.08);
		}
	});

	it("gives each sample of a batch its own vector, with and without guidance", async () => {
		const wanted = Array.from({ length: 108 }, (_, row) => vectorOf(TOY_ARCHITECTURES[row % 27]!));
		const request = { sampler: SAMPLER, vectors: wanted, count: 108, random: createRandom(1), padded: false };
		const share = async (guidance: number) => {
			const found = operationsOf(quantize(await scores.sample({ ...request, guidance })));
			return (
				found.filter((nodes, row) => nodes && vectorOf(nodes).join() === wanted[row]!.join()).length / 108
			);
		};
		expect(await share(0)).toBeGreaterThan(0.7);
		expect(await share(1)).toBeGreaterThan(0.8);
		expect(await scores.sample(request)).toEqual(await scores.sample(request));
	});

	it("survives its files", () => {
		const network = exportScore(training.score).get(SCORE_FILES.network)!;
		expect(importScore(network, training.score.description)).toEqual(training.score);
	});

	it("refuses vectors, guidance and temperatures that do not fit", async () => {
		const request = { sampler: SAMPLER, count: 1, random: createRandom(0) };
		await expect(scores.sample({ ...request, vectors: [[0]] })).rejects.toThrow(/vectors/);
		await expect(scores.sample({ ...request, vectors: [[0, Number.NaN]] })).rejects.toThrow(/vectors/);
		await expect(scores.sample({ ...request, guidance: -1 })).rejects.toThrow(/guidance/);
		await expect(scores.sample({ ...request, temperature: 0 })).rejects.toThrow(/temperature/);
		const few = { ...ASKED, values: VECTORS.subarray(2) };
		await expect(trainScore(pool, STATES, SHAPE, CONFIG, {}, few)).rejects.toThrow(/vectors/);
		const broken = { ...ASKED, values: VECTORS.map(() => Number.NaN) };
		await expect(trainScore(pool, STATES, SHAPE, CONFIG, {}, broken)).rejects.toThrow(/finite/);
	});
});

it("is guided along the line from the unconditional output through the conditional one", () => {
	const value = fc.double({ min: -10, max: 10, noNaN: true });
	fc.assert(
		fc.property(fc.array(fc.tuple(value, value), { minLength: 1 }), value, (pairs, w) => {
			const outputs = Float32Array.from([...pairs.map(([c]) => c), ...pairs.map(([, u]) => u)]);
			const led = guided(outputs, w);
			pairs.forEach(([c, u], i) => {
				expect(led[i]!).toBeCloseTo(c + w * (c - u), 3);
			});
		}),
	);
});
