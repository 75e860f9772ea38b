import { createRandom, fillNormal } from "@archgen/random";
import {
	createInlineRuntime,
	f32,
	reduceSum,
	reshape,
	SessionPool,
	slice,
	withFloat16Constants,
} from "@archgen/tensor-graph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mixtureScore, operationsOf, statesOf, TOY, TOY_ARCHITECTURES } from "../test/toy.js";
import { type Guide, predictorGuide } from "./guide.js";
import { PropertyModel } from "./property-model.js";
import { PUBLISHED_SAMPLER, type Sampler } from "./samplers.js";
import { SMALL_SIZE } from "./score-network-size.js";
import { ScoreSampler } from "./score-sampler.js";
import { quantize, stateSize } from "./state-shape.js";
import { PREDICTOR_CONFIG, trainPredictor } from "./train-predictor.js";
import { SCORE_CONFIG, type ScoreTraining, trainScore } from "./train-score.js";
import { exportScore, importScore, SCORE_FILES } from "./trained-score.js";

const SIZE = { ...SMALL_SIZE, hidden: 16, heads: 2, feedForward: 32, blocks: 2, output: 64, time: 32 };
const CONFIG = { ...SCORE_CONFIG, size: SIZE, steps: 1500, batch: 128, learningRate: 3e-3, warmupSteps: 50 };
const STATES = statesOf(TOY_ARCHITECTURES);
const WIDTH = stateSize(TOY);
const FLOW: Sampler = { kind: "probability-flow", steps: 24 };

const pool = SessionPool.create({ threadsPerWorker: 1 });
const runtime = createInlineRuntime();
let training: ScoreTraining;
beforeAll(async () => {
	training = await trainScore(pool, STATES, TOY, CONFIG);
});
afterAll(() => pool.close());

/** Number of nodes that carry the first operation, from the state's entries of ±1. */
const firstOperations: Guide = {
	graph: (_scope, x) => {
		const first = slice(x, [{ axis: 2, start: 0, end: 1 }]);
		return reshape(reduceSum(first, [1, 2]), [x.shape[0]!, 1]);
	},
	parameters: new Map(),
};

async function countsOfFirst(guides: readonly Guide[], strengths: readonly number[], sampler = FLOW) {
	const model = await ScoreSampler.create(pool, training.score, guides);
	const states = await model.sample({ count: 256, sampler, strengths, random: createRandom(3) });
	const found = operationsOf(quantize(states));
	await model.release();
	const counts = found.map((operations) => operations?.filter((o) => o === 0).length ?? Number.NaN);
	const valid = counts.filter((n) => !Number.isNaN(n));
	return { valid: valid.length / 256, mean: valid.reduce((a, b) => a + b, 0) / valid.length };
}

describe("a trained score", () => {
	it("is that of the noised data, a mixture of Gaussians", async () => {
		const means = TOY_ARCHITECTURES.map((_, i) => [...STATES.subarray(i * WIDTH, (i + 1) * WIDTH)]);
		const data = { weights: means.map(() => 1 / means.length), means, std: 0 };
		const model = await runtime.load(exportScore(training.score).get(SCORE_FILES.network)!);
		for (const sigma of [0.2, 0.6, 1.5, 4]) {
			const rows = 4 * means.length;
			const noise = fillNormal(createRandom(9), new Float32Array(rows * WIDTH));
			const x = noise.map((value, i) => STATES[i % STATES.length]! + sigma * value);
			const exact = mixtureScore(data, x, sigma);
			const feeds = {
				x: f32(x, [rows, TOY.nodes, TOY.operations]),
				sigma: f32(new Float32Array(rows).fill(sigma), [rows, 1]),
			};
			const found = (await model.run(feeds)).score!.data as Float32Array;
			const square = (values: Float32Array) => values.reduce((sum, v) => sum + v * v, 0);
			const error = square(found.map((value, i) => value - exact[i]!)) / square(exact);
			expect(error, `σ = ${sigma}`).toBeLessThan(0.03);
		}
	});

	it("samples valid architectures evenly, by each sampler", async () => {
		for (const sampler of [FLOW, { ...PUBLISHED_SAMPLER, steps: 60 }]) {
			const model = await ScoreSampler.create(pool, training.score);
			const states = await model.sample({ count: 540, sampler, random: createRandom(1) });
			const found = operationsOf(quantize(states));
			const valid = found.filter((operations) => operations !== undefined);
			expect(valid.length).toBeGreaterThan(0.97 * 540);
			const counts = TOY_ARCHITECTURES.map((a) => valid.filter((b) => b.join() === a.join()).length);
			const chiSquare = counts.reduce(
				(sum, n) => sum + (n - valid.length / 27) ** 2 / (valid.length / 27),
				0,
			);
			expect(chiSquare).toBeLessThan(70); // 26 degrees of freedom; an all but perfect network adds to their noise
		}
	});

	it("gives the same first samples whatever the count and the number of workers", async () => {
		const other = SessionPool.create({ workers: 2, threadsPerWorker: 1 });
		const few = await ScoreSampler.create(pool, training.score);
		const many = await ScoreSampler.create(other, training.score);
		const request = { sampler: FLOW, random: createRandom(5) };
		const short = await few.sample({ ...request, count: 10 });
		expect((await many.sample({ ...request, count: 150 })).subarray(0, short.length)).toEqual(short);
		await other.close();
	});

	it("survives its files, with weights as float16 too", () => {
		const files = exportScore(training.score);
		const network = files.get(SCORE_FILES.network)!;
		expect(importScore(network, training.score.description)).toEqual(training.score);
		const half = importScore(withFloat16Constants(network), training.score.description);
		for (const [name, values] of training.score.parameters)
			half.parameters.get(name)!.forEach((value, i) => {
				expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(1e-3 * Math.max(0.1, Math.abs(values[i]!)));
			});
		const wider = { ...training.score.description, size: { ...SIZE, output: 65 } };
		expect(() => importScore(network, wider)).toThrow(expect.objectContaining({ reason: "OTHER_NETWORK" }));
	});

	it("is the same after an interruption", async () => {
		const config = { ...CONFIG, steps: 12 };
		const whole = await trainScore(pool, STATES, TOY, config);
		const saved: ScoreTraining["state"][] = [];
		const save = async (state: ScoreTraining["state"]) => void saved.push(state);
		await trainScore(pool, STATES, TOY, config, { checkpoint: { every: 5, save } });
		expect(saved.map(({ step }) => step)).toEqual([5, 10, 12]);
		const resumed = await trainScore(pool, STATES, TOY, config, { resume: saved[0]! });
		expect(resumed.score.parameters).toEqual(whole.score.parameters);
	});
});

describe("guidance", () => {
	it("raises the mean of what it is given, more with more strength, and lowers it with a negative one", async () => {
		const means: number[] = [];
		for (const strength of [-1, 0, 0.5, 1]) {
			const { mean, valid } = await countsOfFirst([firstOperations], [strength]);
			expect(valid).toBeGreaterThan(0.8);
			means.push(mean);
		}
		expect(means[1]).toBeCloseTo((await countsOfFirst([], [])).mean, 12);
		expect(means[0]).toBeLessThan(means[1]! - 0.2);
		for (const i of [2, 3]) expect(means[i]).toBeGreaterThan(means[i - 1]! + 0.1);
	});

	it("adds up", async () => {
		const once = await countsOfFirst([firstOperations], [1]);
		const twice = await countsOfFirst([firstOperations, firstOperations], [0.25, 0.75]);
		expect(twice.mean).toBeCloseTo(once.mean, 2);
		const against = await countsOfFirst([firstOperations, firstOperations], [2, -2]);
		expect(against.mean).toBeCloseTo((await countsOfFirst([], [])).mean, 2);
	});

	it("by a trained predictor raises the property itself, by each sampler", async () => {
		const targets = TOY_ARCHITECTURES.map((operations) => 10 + 3 * operations.filter((o) => o === 0).length);
		const config = {
			...PREDICTOR_CONFIG,
			size: { hidden: 16, layers: 2, output: 16 },
			steps: 800,
			batch: 64,
		};
		const { predictor } = await trainPredictor(pool, { states: STATES, targets }, TOY, config);
		const model = await PropertyModel.create(runtime, predictor);
		const predicted = await model.predict(STATES);
		predicted.forEach((value, i) => {
			expect(Math.abs(value - targets[i]!)).toBeLessThan(1);
		});
		const guides = [predictorGuide(predictor)];
		for (const sampler of [FLOW, { ...PUBLISHED_SAMPLER, steps: 60 }]) {
			const { mean: plain } = await countsOfFirst(guides, [0], sampler);
			const { mean: guided, valid } = await countsOfFirst(guides, [200], sampler);
			expect(valid).toBeGreaterThan(0.9);
			expect(guided).toBeGreaterThan(plain + 0.4);
		}
	});

	it("needs one finite strength for each guide", async () => {
		const model = await ScoreSampler.create(pool, training.score, [firstOperations]);
		const request = { count: 1, sampler: FLOW, random: createRandom(0) };
		await expect(model.sample(request)).rejects.toMatchObject({ category: "INVALID_ARGUMENT" });
		await expect(model.sample({ ...request, strengths: [Number.NaN] })).rejects.toThrow(/strengths/);
	});
});

it("refuses states and targets that do not fit", async () => {
	await expect(trainScore(pool, new Float32Array(5), TOY, CONFIG)).rejects.toMatchObject({
		category: "INVALID_ARGUMENT",
	});
	const targets = new Array<number>(27).fill(1);
	for (const data of [
		{ states: STATES, targets: targets.slice(1) },
		{ states: STATES, targets: targets.with(3, Number.NaN) },
		{ states: STATES.slice(0, WIDTH), targets: [1] },
	])
		await expect(trainPredictor(pool, data, TOY, PREDICTOR_CONFIG)).rejects.toMatchObject({
			category: "INVALID_ARGUMENT",
		});
});
