import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import { initialize, SessionPool, type TrainerState } from "@archgen/tensor-graph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateGvae, exactReconstruction } from "./evaluate-gvae.js";
import { exportGvae } from "./export-gvae.js";
import { GVAE_CONFIG, type GvaeConfig } from "./gvae-config.js";
import { GvaeModel } from "./gvae-model.js";
import { HeldOutLoss } from "./held-out-loss.js";
import { type TrainedGvae, trainGvae } from "./train-gvae.js";
import type { GvaeData, LabelledCell } from "./training-batch.js";
import { gvaeLoss } from "./training-graph.js";

const pool = SessionPool.create({ threadsPerWorker: 1 });
const pair = SessionPool.create({ workers: 2, threadsPerWorker: 1 });
afterAll(() => Promise.all([pool.close(), pair.close()]));

const TINY: GvaeConfig = {
	...GVAE_CONFIG,
	steps: 250,
	size: { hidden: 24, latent: 48, mlp: 64 },
	batch: { labelled: 8, unlabelled: 16 },
	learningRate: 1e-2,
};
const random = createRandom(11);
const cells = Array.from({ length: 12 }, () => randomCell(random));
const zcOf = (cell: Cell) => [cell.operations.length - 4, cell.edges.length / 4 - 3, 0, 1];
const labelled: LabelledCell[] = cells.map((cell) => ({ cell, zc: zcOf(cell) }));
const counts = (cell: Cell) => zcOf(cell).slice(2);
const data: GvaeData = { unlabelled: cells, labelled, counts };

describe("a small training", () => {
	let trained: TrainedGvae;
	const reconstruction: number[] = [];
	beforeAll(async () => {
		const onProgress = (_step: number, _total: number, metrics: Readonly<Record<string, number>>) =>
			reconstruction.push(metrics.reconstruction!);
		trained = await trainGvae(pool, data, TINY, { onProgress });
	});
	const load = () => GvaeModel.fromFiles(pool, exportGvae(trained.parameters, TINY.size));

	it("lowers the loss and reconstructs its cells exactly", async () => {
		expect(reconstruction.at(-1)!).toBeLessThan(reconstruction[0]! / 20);
		expect(await exactReconstruction(await load(), cells)).toBe(1);
	});

	it("predicts the zero-cost vectors of its cells and measures itself", async () => {
		const measures = await evaluateGvae(await load(), {
			heldOut: cells,
			labelled,
			known: new Set(cells.map((cell) => cell.hash)),
			samples: 50,
			random: createRandom(1),
		});
		expect(measures.exactReconstruction).toBe(1);
		expect(measures.predictorR2[0]).toBeGreaterThan(0.8);
		expect(measures.validity).toBeGreaterThan(0.5);
		expect(measures.validityWithoutRepair).toBeLessThanOrEqual(measures.validity);
		expect(measures.uniqueness).toBeLessThanOrEqual(1);
	});

	it("gives the same latents from a folder, one by one and together", async () => {
		const folder = await mkdtemp(join(tmpdir(), "gvae-"));
		try {
			for (const [name, bytes] of exportGvae(trained.parameters, TINY.size)) {
				await writeFile(join(folder, name), bytes);
			}
			const model = await GvaeModel.load(pool, folder);
			const together = await model.encode(cells);
			expect(together).toEqual(await (await load()).encode(cells));
			const alone = await model.encode([cells[3]!]);
			alone.forEach((value, i) => {
				expect(value).toBeCloseTo(together[3 * model.latent + i]!, 4);
			});
		} finally {
			await rm(folder, { recursive: true });
		}
	});
});

it("measures the loss of held-out cells as training does", async () => {
	const config = { ...TINY, steps: 1 };
	const loss = await HeldOutLoss.create(pool, data, config);
	const start = initialize(
		gvaeLoss(config.size, config.batch, config.weights).parameters.specs(),
		createRandom(3),
	);
	const { loss: whole, ...terms } = await loss.measure(start);
	expect(await loss.measure(start)).toEqual({ loss: whole, ...terms });
	const { reconstruction, kl, triplet, predictor, predictedCounts } = terms;
	const { beta } = config.weights;
	expect(whole).toBeCloseTo(reconstruction! + beta * kl! + triplet! + predictor! + predictedCounts!, 3);
	const { parameters } = await trainGvae(pool, data, { ...config, steps: 40 });
	expect((await loss.measure(parameters)).loss).toBeLessThan(0.7 * whole!);
	await loss.release();
});

it.each([
	["one worker", pool],
	["a worker for each half of the batch", pair],
])("continues from a checkpoint as if it had never stopped, with %s", async (_, workers) => {
	const config = { ...TINY, steps: 6 };
	const whole = await trainGvae(workers, data, config);
	const saved: TrainerState[] = [];
	const stop = new AbortController();
	const interrupted = trainGvae(workers, data, config, {
		signal: stop.signal,
		onProgress: (step) => step === 4 && stop.abort(),
		checkpoint: { every: 3, save: async (state) => void saved.push(state) },
	});
	await expect(interrupted).rejects.toMatchObject({ reason: "CANCELLED" });
	const resumed = await trainGvae(workers, data, config, { resume: saved[0]! });
	expect(resumed.parameters).toEqual(whole.parameters);
});

it("refuses data that cannot be trained on", async () => {
	const refused = (wrong: Partial<GvaeData>) =>
		expect(trainGvae(pool, { ...data, ...wrong }, TINY)).rejects.toMatchObject({
			category: "INVALID_ARGUMENT",
		});
	await refused({ labelled: labelled.slice(0, 2) });
	await refused({ unlabelled: [] });
	await refused({ counts: undefined });
	await refused({ labelled: labelled.map((item) => ({ ...item, zc: [Number.NaN, 0, 0, 0] })) });
});

it("names the file that a bundle lacks", async () => {
	await expect(GvaeModel.load(pool, "/nonexistent")).rejects.toMatchObject({
		category: "FAILED_PRECONDITION",
		reason: "GVAE_FILES_MISSING",
	});
});
