import { createRandom } from "@archgen/random";
import {
	batches,
	fit,
	initialize,
	type SessionPool,
	type TrainerState,
	type TrainingHooks,
} from "@archgen/tensor-graph";
import type { GvaeConfig } from "./gvae-config.js";
import { checkGvaeData, type GvaeData, trainingBatch } from "./training-batch.js";
import { gvaeLoss } from "./training-graph.js";

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
 * Reports the loss and its terms (`reconstruction`, `kl`, `triplet`, `predictor`), all averages a cell.
 *
 * @throws ArchgenError INVALID_ARGUMENT for empty data, CANCELLED when the signal fires (the last checkpoint stays good)
 */
export async function trainGvae(
	pool: SessionPool,
	data: GvaeData,
	config: GvaeConfig,
	hooks: TrainingHooks = {},
): Promise<TrainedGvae> {
	checkGvaeData(data, config.weights);
	const random = createRandom(config.seed);
	const graph = gvaeLoss(config.size, config.batch, config.weights);
	const { learningRate, weightDecay, clipNorm, steps } = config;
	const schedule = { kind: "cosine", totalSteps: steps } as const;
	const training = {
		definition: { ...graph, optimizer: { learningRate, weightDecay, clipNorm, schedule } },
		initial: () => initialize(graph.parameters.specs(), random.fork("parameters")),
		steps,
		begin: batches((step) =>
			trainingBatch(data, config.batch, config.size.latent, random.fork(`step-${step}`)),
		),
	};
	const state = await fit(pool, training, hooks);
	return { parameters: state.parameters, state };
}
