import { createRandom } from "@archgen/random";
import { afterAll, describe, expect, it } from "vitest";
import { meanSquaredError } from "../layers/losses.js";
import { input, mul } from "../operators/index.js";
import { initialize, ParameterScope } from "../parameters.js";
import { f32 } from "../runtime/runtime.js";
import { SessionPool } from "../runtime/session-pool.js";
import { batches, type Fit, fit, hooksOfState } from "./fit.js";
import type { TrainerState } from "./trainer.js";

const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());

/** Fits the slope of y = 3x, and keeps the steps that batches were made for. */
function slope(steps: number) {
	const parameters = new ParameterScope();
	const weight = parameters.parameter("weight", [1], { kind: "constant", value: 0 });
	const loss = meanSquaredError(mul(input("x", [4]), weight), input("y", [4]));
	const made: number[] = [];
	const training: Fit = {
		definition: { loss, parameters, optimizer: { learningRate: 0.1 } },
		initial: () => initialize(parameters.specs(), createRandom(0)),
		steps,
		begin: batches((step) => {
			made.push(step);
			const x = Array.from({ length: 4 }, (_, i) => Math.sin(step + i));
			return {
				x: f32(x, [4]),
				y: f32(
					x.map((value) => 3 * value),
					[4],
				),
			};
		}),
	};
	return { training, made };
}

const weightOf = ({ parameters }: TrainerState) => parameters.get("weight")![0]!;

describe("fit", () => {
	it("takes every step on its own batch, each prepared once", async () => {
		const { training, made } = slope(80);
		const seen: [number, number][] = [];
		const state = await fit(pool, training, { onProgress: (step, total) => seen.push([step, total]) });
		expect([state.step, weightOf(state)]).toEqual([80, expect.closeTo(3, 1)]);
		expect(made).toEqual(Array.from({ length: 81 }, (_, step) => step));
		expect(seen).toEqual(Array.from({ length: 80 }, (_, step) => [step + 1, 80]));
	});

	it("goes on from a checkpoint to the same result, and saves one at the end", async () => {
		const whole = await fit(pool, slope(10).training);
		const saved: TrainerState[] = [];
		const save = async (state: TrainerState) => void saved.push(state);
		await fit(pool, slope(10).training, { checkpoint: { every: 4, save } });
		expect(saved.map(({ step }) => step)).toEqual([4, 8, 10]);
		expect(await fit(pool, slope(10).training, { resume: saved[1]! })).toEqual(whole);
		expect(saved[2]).toEqual(whole);
	});

	it("ends early when told to, and takes no step of a finished training", async () => {
		const { training } = slope(10);
		const early = await fit(pool, { ...training, isOver: (completed) => completed === 3 });
		expect(early.step).toBe(3);
		const again = slope(3);
		expect(await fit(pool, again.training, { resume: early })).toEqual(early);
		expect(again.made).toEqual([]);
	});

	it("ends as cancelled when its signal fires", async () => {
		const controller = new AbortController();
		const onProgress = (step: number) => step === 2 && controller.abort();
		const running = fit(pool, slope(10).training, { signal: controller.signal, onProgress });
		await expect(running).rejects.toMatchObject({ reason: "CANCELLED" });
	});

	it("keeps more than the trainer's state where the hooks say so", async () => {
		const saved: { trainer: TrainerState; note: string }[] = [];
		const hooks = hooksOfState<(typeof saved)[number]>(
			{ checkpoint: { every: 2, save: async (checkpoint) => void saved.push(checkpoint) } },
			(trainer) => ({ trainer, note: `after ${trainer.step}` }),
			({ trainer }) => trainer,
		);
		const whole = await fit(pool, slope(4).training, hooks);
		expect(saved.map(({ note }) => note)).toEqual(["after 2", "after 4"]);
		const resumed = hooksOfState<(typeof saved)[number]>(
			{ resume: saved[0]! },
			(trainer) => ({ trainer, note: "" }),
			({ trainer }) => trainer,
		);
		expect(await fit(pool, slope(4).training, resumed)).toEqual(whole);
	});
});
