import { invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import type { TensorShape } from "@archgen/search-space";
import {
	batches,
	fit,
	initialize,
	type SessionPool,
	type TrainerState,
	type TrainingHooks,
} from "@archgen/tensor-graph";
import { type ScoreVectors, scoreBatch, scoreLoss } from "./score-loss.js";
import { PUBLISHED_SIZE, RULED_SIZE, type ScoreNetworkSize, SMALL_SIZE } from "./score-network-size.js";
import { SDE, type VarianceExplodingSde } from "./sde.js";
import { type StateShape, stateSize } from "./state-shape.js";
import type { TrainedScore } from "./trained-score.js";
import { requireTrainingVectors } from "./vector-condition.js";

/** Everything that decides the result of a training besides the data. */
export interface ScoreConfig {
	readonly seed: number;
	readonly steps: number;
	readonly size: ScoreNetworkSize;
	readonly sde: VarianceExplodingSde;
	/** Rows of a step, default 256. */
	readonly batch: number;
	/** Published 2e-5 with 250,000 steps; default 1e-3, falling to 0 along a cosine. */
	readonly learningRate: number;
	/** Steps of linear warm-up, published 1,000. */
	readonly warmupSteps: number;
	/** Largest gradient norm, default 1. */
	readonly clipNorm: number;
	/** Largest decay of the moving average of the parameters, which is the result; default 0.9999. */
	readonly averageDecay: number;
}

/** A training of minutes on one core. */
export const SCORE_CONFIG: ScoreConfig = {
	seed: 0,
	steps: 4000,
	size: SMALL_SIZE,
	sde: SDE,
	batch: 256,
	learningRate: 1e-3,
	warmupSteps: 200,
	clipNorm: 1,
	averageDecay: 0.9999,
};

/** A training for a score that is asked for vectors: estimates of the data count alike at all noise levels, see `Parameterization`. */
export const VECTOR_SCORE_CONFIG: ScoreConfig = {
	...SCORE_CONFIG,
	size: { ...SMALL_SIZE, parameterization: "estimate" },
	steps: 6000,
	batch: 128,
	learningRate: 2e-3,
};

/** A training for spaces whose nodes may be absent, see `RULED_SIZE`. */
const RULED_SCORE_CONFIG: ScoreConfig = { ...VECTOR_SCORE_CONFIG, size: RULED_SIZE, steps: 9000 };

/** The published training, 3.4 hours on a V100. */
export const PUBLISHED_SCORE_CONFIG: ScoreConfig = {
	...SCORE_CONFIG,
	size: PUBLISHED_SIZE,
	steps: 250_000,
	learningRate: 2e-5,
	warmupSteps: 1000,
};

/** The usual training of a small network. @param asked whether it is asked for vectors */
export function smallScoreConfig(
	{ absentNodes }: Pick<TensorShape, "absentNodes">,
	asked: boolean,
): ScoreConfig {
	if (asked) return VECTOR_SCORE_CONFIG;
	return absentNodes ? RULED_SCORE_CONFIG : SCORE_CONFIG;
}

/** A trained score and the state to go on from. */
export interface ScoreTraining {
	readonly score: TrainedScore;
	readonly state: TrainerState;
}

/**
 * Trains a score network on architectures by denoising score matching: Adam, clipped gradients, moving average of the parameters.
 *
 * @param states of the training set, ±1, flat [architectures, nodes, operations]
 * @param vectors those that the score is asked for, of each architecture; none unless given
 * @throws ArchgenError INVALID_ARGUMENT for states or vectors that do not fit, CANCELLED when the signal fires
 */
export async function trainScore(
	pool: SessionPool,
	states: Float32Array,
	shape: StateShape,
	config: ScoreConfig,
	hooks: TrainingHooks = {},
	vectors?: ScoreVectors,
): Promise<ScoreTraining> {
	if (states.length === 0 || states.length % stateSize(shape) !== 0)
		throw invalidArgument("states", `must hold whole states of ${stateSize(shape)} numbers`);
	requireTrainingVectors(vectors?.values, states.length / stateSize(shape), vectors?.width);
	const random = createRandom(config.seed);
	const { size, sde, batch: rows, steps, averageDecay, learningRate, warmupSteps, clipNorm } = config;
	const graph = scoreLoss(shape, size, rows, vectors?.width);
	const schedule = { kind: "cosine", totalSteps: steps, warmupSteps } as const;
	const training = {
		definition: { ...graph, averageDecay, optimizer: { learningRate, clipNorm, schedule } },
		initial: () => initialize(graph.parameters.specs(), random.fork("parameters")),
		steps,
		begin: batches((step) => scoreBatch(states, shape, sde, rows, random.fork(`step-${step}`), vectors)),
	};
	const state = await fit(pool, training, hooks);
	const description = { shape, size, sde, ...(vectors && { vector: vectors.width }) };
	return { score: { description, parameters: state.average! }, state };
}
