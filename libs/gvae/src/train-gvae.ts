import { throwIfAborted } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import { createTrainer, initialize, type SessionPool, type TrainerState } from "@archgen/tensor-graph";
import type { GvaeConfig } from "./gvae-config.js";
import { checkGvaeData, type GvaeData, trainingBatch } from "./training-batch.js";
import { gvaeLoss } from "./training-graph.js";

export interface GvaeTrainingHooks {
	readonly signal?: AbortSignal;
	/** After each step: loss and its terms (`reconstruction`, `kl`, `triplet`, `predictor`), all averages a cell. */
	readonly onProgress?: (step: number, total: number, metrics: Readonly<Record<string, number>>) => void;
	readonly checkpoint?: {
		/** Steps between two checkpoints. */
		readonly every: number;
		readonly save: (state: TrainerState) => Promise<void>;
	};
	/** A saved checkpoint; training continues after its step as if it had never stopped. */
	readonly resume?: TrainerState;
}

export interface TrainedGvae {
	/** By parameter name, for `exportGvae`. */
	readonly parameters: TrainerState["parameters"];
	readonly state: TrainerState;
}

/**
 * Trains encoder, decoder and predictor together: AdamW, cosine to 0, clipped gradients.
 *
 * The batch of step s depends on the seed and s alone: the same seed, data and configuration give the same model, also
 * across an interruption.
 *
 * @throws ArchgenError INVALID_ARGUMENT for empty data, CANCELLED when the signal fires (the last checkpoint stays good)
 */
export async function trainGvae(
	pool: SessionPool,
	data: GvaeData,
	config: GvaeConfig,
	hooks: GvaeTrainingHooks = {},
): Promise<TrainedGvae> {
	checkGvaeData(data, config.weights);
	const random = createRandom(config.seed);
	const graph = gvaeLoss(config.size, config.batch, config.weights);
	const trainer = await createTrainer(pool, {
		...graph,
		optimizer: {
			learningRate: config.learningRate,
			weightDecay: config.weightDecay,
			clipNorm: config.clipNorm,
			schedule: { kind: "cosine", totalSteps: config.steps },
		},
		start: hooks.resume
			? { state: hooks.resume }
			: { initial: initialize(graph.parameters.specs(), random.fork("parameters")) },
	});
	const batchOf = (step: number) =>
		trainingBatch(data, config.batch, config.size.latent, random.fork(`step-${step}`));
	try {
		const first = hooks.resume?.step ?? 0;
		let batch = batchOf(first);
		for (let step = first; step < config.steps; step++) {
			throwIfAborted(hooks.signal);
			const running = trainer.step(batch, hooks.signal);
			batch = batchOf(step + 1); // prepared while the worker computes
			hooks.onProgress?.(step + 1, config.steps, await running);
			if (isCheckpoint(step + 1, config.steps, hooks)) await hooks.checkpoint?.save(await trainer.state());
		}
		const state = await trainer.state();
		return { parameters: state.parameters, state };
	} finally {
		await trainer.release();
	}
}

function isCheckpoint(step: number, total: number, hooks: GvaeTrainingHooks): boolean {
	return step === total || step % (hooks.checkpoint?.every ?? total) === 0;
}
