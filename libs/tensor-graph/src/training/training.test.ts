import { createRandom } from "@archgen/random";
import { afterAll, describe, expect, it } from "vitest";
import { deviation } from "../../test/evaluate.js";
import {
	concat,
	crossEntropy,
	fanInUniform,
	gather,
	initialize,
	input,
	linear,
	meanSquaredError,
	mul,
	reduceSum,
	scalar,
	slice,
	square,
	type Tensor,
	tanh,
} from "../index.js";
import { ParameterScope } from "../parameters.js";
import { f32, i64 } from "../runtime/runtime.js";
import { SessionPool } from "../runtime/session-pool.js";
import { learningRateAt, type Schedule } from "./adamw.js";
import { createTrainer, type TrainerState } from "./trainer.js";

const pool = SessionPool.create({ workers: 2, threadsPerWorker: 1 });
const single = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => Promise.all([pool.close(), single.close()]));

/** A classifier of points by quadrant with an embedded side input. */
function definition(schedule: Schedule) {
	const parameters = new ParameterScope();
	const embedding = parameters.parameter("embedding", [2, 2], { kind: "normal", std: 0.5 });
	const layer = (name: string, inputs: number, outputs: number) => {
		const scope = parameters.scope(name);
		return [
			scope.parameter("weight", [outputs, inputs], fanInUniform(inputs)),
			scope.parameter("bias", [outputs], { kind: "constant", value: 0 }),
		] as const;
	};
	const [points, sides] = [input("points", [16, 2]), input("sides", [16], "int64")];
	const hidden = tanh(linear(concat([points, gather(embedding, sides)], 1), ...layer("hidden", 4, 8)));
	const logits = linear(hidden, ...layer("output", 8, 4));
	const labels = input("labels", [16], "int64");
	const loss = crossEntropy(logits, labels);
	// the mean over all rows from the means over parts of them
	const share = (start: number, end: number) => {
		const part = (x: Tensor) => slice(x, [{ axis: 0, start, end }]);
		const own = { loss: crossEntropy(part(logits), part(labels)), size: reduceSum(square(part(logits))) };
		return { loss: mul(own.loss, scalar((end - start) / 16)), metrics: { size: own.size } };
	};
	const optimizer = { learningRate: 0.05, weightDecay: 0.01, clipNorm: 0.5, schedule };
	const metrics = { size: reduceSum(square(logits)) };
	return { loss, metrics, parameters, optimizer, shares: [share(0, 10), share(10, 16)] };
}

function batch(step: number) {
	const random = createRandom(step);
	const points = Float32Array.from({ length: 32 }, () => random.normal());
	const sides = Array.from({ length: 16 }, () => random.integer(2));
	const labels = sides.map((side, i) => 2 * side + Number(points[2 * i]! * points[2 * i + 1]! > 0));
	return { points: f32(points, [16, 2]), sides: i64(sides, [16]), labels: i64(labels, [16]) };
}

const SCHEDULE: Schedule = { kind: "cosine", totalSteps: 60, warmupSteps: 5 };

/** In two shares, or on the whole loss. */
function start(isWhole = false) {
	const subject = definition(SCHEDULE);
	const initial = initialize(subject.parameters.specs(), createRandom(3));
	return createTrainer(isWhole ? single : pool, { ...subject, start: { initial } });
}

describe("a trainer", () => {
	it("lowers the loss and reports what was asked for", async () => {
		const trainer = await start();
		const first = await trainer.step(batch(0));
		expect(Object.keys(first).sort()).toEqual(["gradientNorm", "loss", "size"]);
		for (let step = 1; step < 60; step++) await trainer.step(batch(step));
		expect((await trainer.step(batch(0))).loss).toBeLessThan(0.6 * first.loss);
		await trainer.release();
	});

	it("takes the same steps in shares as on the whole loss, but for rounding", async () => {
		const trainers = [await start(), await start(true)];
		for (let step = 0; step < 10; step++) {
			const [shares, whole] = await Promise.all(trainers.map((trainer) => trainer.step(batch(step))));
			expect(Object.keys(shares!)).toEqual(Object.keys(whole!));
			expect(deviation(Object.values(shares!), Object.values(whole!))).toBeLessThan(1e-5);
		}
		const [shares, whole] = await Promise.all(trainers.map((trainer) => trainer.state()));
		for (const [name, values] of whole!.parameters)
			expect(deviation(shares!.parameters.get(name)!, [...values])).toBeLessThan(1e-5);
	});

	it("takes steps one after the other, however they are asked for", async () => {
		const [one, other] = [await start(), await start()];
		const together = [0, 1, 2].map((step) => one.step(batch(step)));
		const state = one.state();
		for (const step of [0, 1, 2]) expect(await other.step(batch(step))).toEqual(await together[step]);
		expect(await state).toEqual(await other.state());
	});

	it("fails with a named error when the pool closes during a step, and never shows half a step", async () => {
		const short = SessionPool.create({ workers: 2, threadsPerWorker: 1 });
		const subject = definition(SCHEDULE);
		const initial = initialize(subject.parameters.specs(), createRandom(3));
		const trainer = await createTrainer(short, { ...subject, start: { initial } });
		const before = await trainer.state();
		const step = trainer.step(batch(0));
		await short.close();
		await expect(step).rejects.toMatchObject({ reason: "MODEL_RUN_FAILED" });
		await expect(trainer.step(batch(0))).rejects.toMatchObject({ reason: "MODEL_RUN_FAILED" });
		const left = await trainer.state().catch((error: unknown) => error);
		if (!(left instanceof Error)) expect(left).toEqual(before);
	});

	it("continues from a saved state exactly as if it had not been interrupted", async () => {
		const uninterrupted = await start();
		const losses: number[] = [];
		let saved: TrainerState | undefined;
		for (let step = 0; step < 14; step++) {
			if (step === 7) saved = await uninterrupted.state();
			losses.push((await uninterrupted.step(batch(step))).loss);
		}
		expect(saved!.step).toBe(7);
		const resumed = await createTrainer(pool, { ...definition(SCHEDULE), start: { state: saved! } });
		const again: number[] = [];
		for (let step = 7; step < 14; step++) again.push((await resumed.step(batch(step))).loss);
		expect(again).toEqual(losses.slice(7));
		expect(await resumed.state()).toEqual(await uninterrupted.state());
	});

	it("keeps the moving average of the parameters, across an interruption too", async () => {
		const decay = 0.4;
		const subject = { ...definition(SCHEDULE), averageDecay: decay };
		const initial = initialize(subject.parameters.specs(), createRandom(3));
		let trainer = await createTrainer(pool, { ...subject, start: { initial } });
		const expected = new Map([...initial].map(([name, values]) => [name, [...values]]));
		for (let step = 1; step <= 9; step++) {
			await trainer.step(batch(step));
			const state = await trainer.state();
			const kept = Math.min(decay, (1 + step) / (10 + step));
			for (const [name, values] of state.parameters)
				expected.set(
					name,
					expected.get(name)!.map((old, i) => kept * old + (1 - kept) * values[i]!),
				);
			if (step === 5) trainer = await createTrainer(pool, { ...subject, start: { state } });
		}
		const { average, parameters } = await trainer.state();
		for (const [name, values] of expected) {
			expect(deviation(average!.get(name)!, values)).toBeLessThan(1e-6);
			expect(deviation(parameters.get(name)!, values)).toBeGreaterThan(1e-5);
		}
		expect(await (await start()).state()).not.toHaveProperty("average");
	});

	it("stands still after a refused batch and a cancelled step", async () => {
		const trainer = await start();
		await trainer.step(batch(0));
		const before = await trainer.state();
		await expect(trainer.step({ ...batch(1), points: f32([1, 2], [1, 2]) })).rejects.toThrow();
		await expect(trainer.step(batch(1), AbortSignal.abort())).rejects.toMatchObject({ reason: "CANCELLED" });
		expect(await trainer.state()).toEqual(before);
		await trainer.step(batch(1));
	});

	it("refuses to start without a value for every parameter", async () => {
		const promise = createTrainer(pool, { ...definition(SCHEDULE), start: { initial: new Map() } });
		await expect(promise).rejects.toThrow('"embedding"');
		const initial = new Map([["embedding", new Float32Array(3)]]);
		const misfit = createTrainer(pool, { ...definition(SCHEDULE), start: { initial } });
		await expect(misfit).rejects.toThrow("4 elements, not 3");
	});

	it("only decays parameters that the loss does not depend on", async () => {
		const parameters = new ParameterScope();
		const used = parameters.parameter("used", [1], { kind: "constant", value: 1 });
		parameters.parameter("unused", [2], { kind: "constant", value: 1 });
		const trainer = await createTrainer(pool, {
			loss: meanSquaredError(used, input("target", [1])),
			parameters,
			optimizer: { learningRate: 0.1, weightDecay: 0.5 },
			start: { initial: initialize(parameters.specs(), createRandom(0)) },
		});
		await trainer.step({ target: f32([1], [1]) });
		expect(deviation((await trainer.state()).parameters.get("unused")!, [0.95, 0.95])).toBeLessThan(1e-6);
	});
});

describe("learning rate schedules", () => {
	const rates = (schedule: Schedule | undefined, steps: readonly number[]) =>
		steps.map((step) => learningRateAt(step, 2, schedule));

	it("constant", () => {
		expect(rates(undefined, [0, 1000])).toEqual([2, 2]);
	});

	it("half a cosine from the peak to 0, where it stays", () => {
		const steps = [0, 25, 50, 75, 100, 150];
		const expected = [2, 1 + Math.SQRT1_2, 1, 1 - Math.SQRT1_2, 0, 0];
		expect(deviation(rates({ kind: "cosine", totalSteps: 100 }, steps), expected)).toBeLessThan(1e-6);
	});

	it("a straight rise before the cosine", () => {
		const schedule: Schedule = { kind: "cosine", totalSteps: 110, warmupSteps: 10 };
		expect(deviation(rates(schedule, [0, 4, 9, 10, 60, 110]), [0.2, 1, 2, 2, 1, 0])).toBeLessThan(1e-6);
	});
});

describe("parameters", () => {
	it("are shared by naming them and keep the order of their definition", () => {
		const scope = new ParameterScope();
		const a = scope.scope("block").scope("0").parameter("weight", [2, 3], fanInUniform(3));
		const b = scope.parameter("bias", [2], { kind: "constant", value: 0 });
		expect(scope.scope("block").parameter("0.weight", [2, 3], fanInUniform(3))).toBe(a);
		expect([...scope.tensors()]).toEqual([
			["block.0.weight", a],
			["bias", b],
		]);
	});

	it("are drawn from streams of their own names", () => {
		const spec = (name: string) => ({ name, shape: [4], init: fanInUniform(16) });
		const random = createRandom(5);
		const alone = initialize([spec("b")], random);
		const together = initialize([spec("a"), spec("b")], random);
		expect(together.get("b")).toEqual(alone.get("b"));
		expect(together.get("a")).not.toEqual(alone.get("b"));
	});

	it("follow their initialisers", () => {
		const specs = [
			{ name: "uniform", shape: [4000], init: fanInUniform(16) },
			{ name: "normal", shape: [4000], init: { kind: "normal", std: 0.02 } },
			{ name: "constant", shape: [2, 2], init: { kind: "constant", value: 7 } },
		] as const;
		const values = initialize(specs, createRandom(1));
		const spread = (name: string) => Math.sqrt(values.get(name)!.reduce((sum, x) => sum + x * x, 0) / 4000);
		expect(Math.max(...values.get("uniform")!.map(Math.abs))).toBeLessThanOrEqual(0.25);
		expect(spread("uniform")).toBeCloseTo(0.25 / Math.sqrt(3), 2);
		expect(spread("normal")).toBeCloseTo(0.02, 2);
		expect([...values.get("constant")!]).toEqual([7, 7, 7, 7]);
	});
});
