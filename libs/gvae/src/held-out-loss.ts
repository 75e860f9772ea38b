import { createRandom } from "@archgen/random";
import {
	buildModel,
	f32,
	type LoadedModel,
	type SessionPool,
	type TensorValues,
	type TrainerState,
} from "@archgen/tensor-graph";
import type { GvaeConfig } from "./gvae-config.js";
import { checkGvaeData, type GvaeData, trainingBatch } from "./training-batch.js";
import { gvaeLoss } from "./training-graph.js";

/** Batches averaged: 8 of 64 + 64 cells with the default configuration. */
const BATCHES = 8;

/** The training loss on cells that training never sees, always on the same batches with the same noise. */
export class HeldOutLoss {
	readonly #model: LoadedModel;
	readonly #shapes: ReadonlyMap<string, readonly number[]>;
	readonly #batches: readonly TensorValues[];

	private constructor(
		model: LoadedModel,
		shapes: ReadonlyMap<string, readonly number[]>,
		batches: readonly TensorValues[],
	) {
		this.#model = model;
		this.#shapes = shapes;
		this.#batches = batches;
	}

	/** @throws ArchgenError INVALID_ARGUMENT for data that `trainGvae` would refuse */
	static async create(pool: SessionPool, data: GvaeData, config: GvaeConfig): Promise<HeldOutLoss> {
		checkGvaeData(data, config.weights);
		const { loss, metrics, parameters } = gvaeLoss(config.size, config.batch, config.weights);
		const model = await pool.load(buildModel({ outputs: { ...metrics, loss }, name: "held-out loss" }));
		const random = createRandom(config.seed).fork("held-out loss");
		const batches = Array.from({ length: BATCHES }, (_, i) =>
			trainingBatch(data, config.batch, config.size.latent, random.fork(i)),
		);
		return new HeldOutLoss(
			model,
			new Map(parameters.specs().map(({ name, shape }) => [name, shape])),
			batches,
		);
	}

	/** Loss and its terms, all averages a cell. */
	async measure(
		parameters: TrainerState["parameters"],
		signal?: AbortSignal,
	): Promise<Record<string, number>> {
		const weights = Object.fromEntries(
			[...this.#shapes].map(([name, shape]) => [name, f32(parameters.get(name)!, shape)]),
		);
		const sums: Record<string, number> = {};
		const runs = this.#batches.map((batch) => this.#model.run({ ...weights, ...batch }, { signal }));
		for (const values of await Promise.all(runs)) {
			for (const [name, { data }] of Object.entries(values))
				sums[name] = (sums[name] ?? 0) + Number(data[0]) / BATCHES;
		}
		return sums;
	}

	release(): Promise<void> {
		return this.#model.release();
	}
}
