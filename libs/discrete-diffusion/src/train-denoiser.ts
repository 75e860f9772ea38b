import { invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import { requireTrainingVectors } from "@archgen/score-diffusion";
import {
	batches,
	fit,
	initialize,
	type SessionPool,
	type TrainerState,
	type TrainingHooks,
} from "@archgen/tensor-graph";
import { conditionWidth } from "./conditions.js";
import { denoiserBatch, denoiserLoss } from "./denoiser-loss.js";
import type { GraphShape } from "./graph-shape.js";
import { marginalsOf } from "./marginals.js";
import { type DenoiserSize, PUBLISHED_DENOISER, SMALL_DENOISER } from "./network/denoiser-size.js";
import { COSINE_SCHEDULE, type NoiseSchedule } from "./noise-schedule.js";
import type { TrainedDenoiser } from "./trained-denoiser.js";
import { type DenoiserData, rowDrawer } from "./training-data.js";

/** Everything that decides the result of a training besides the data. */
export interface DenoiserConfig {
	readonly seed: number;
	readonly steps: number;
	readonly size: DenoiserSize;
	readonly schedule: NoiseSchedule;
	/** Rows of a step, default 128. */
	readonly batch: number;
	/** Probability of dropping each condition, published 0.1. */
	readonly dropout: number;
	/** Default 2e-3, falling to 0 along a cosine. */
	readonly learningRate: number;
	readonly warmupSteps: number;
	/** Decoupled, default 1e-4. */
	readonly weightDecay: number;
	readonly clipNorm: number;
	/** Largest decay of the moving average of the parameters, which is the result; default 0.999. */
	readonly averageDecay: number;
}

/** A training of minutes on one core. */
export const DENOISER_CONFIG: DenoiserConfig = {
	seed: 0,
	steps: 4000,
	size: SMALL_DENOISER,
	schedule: COSINE_SCHEDULE,
	batch: 128,
	dropout: 0.1,
	learningRate: 2e-3,
	warmupSteps: 100,
	weightDecay: 1e-4,
	clipNorm: 1,
	averageDecay: 0.999,
};

/** The published network. */
export const PUBLISHED_DENOISER_CONFIG: DenoiserConfig = {
	...DENOISER_CONFIG,
	size: PUBLISHED_DENOISER,
	learningRate: 2e-4,
	steps: 20_000,
};

/** A trained denoiser and the state to go on from. */
export interface DenoiserTraining {
	readonly denoiser: TrainedDenoiser;
	readonly state: TrainerState;
}

/**
 * Trains a denoiser: AdamW, clipped gradients, moving average of the parameters.
 *
 * @throws ArchgenError INVALID_ARGUMENT for data that do not fit, CANCELLED when the signal fires
 */
export async function trainDenoiser(
	pool: SessionPool,
	data: DenoiserData,
	shape: GraphShape,
	config: DenoiserConfig,
	hooks: TrainingHooks = {},
): Promise<DenoiserTraining> {
	checkData(data, shape);
	const random = createRandom(config.seed);
	const { size, schedule, batch: rows, dropout, steps, averageDecay } = config;
	const { learningRate, warmupSteps, weightDecay, clipNorm } = config;
	const { metrics, vector } = data;
	const marginals = marginalsOf(shape, data.graphs);
	const graph = denoiserLoss(shape, size, conditionWidth(data), rows);
	const optimizer = {
		...{ learningRate, weightDecay, clipNorm },
		schedule: { kind: "cosine", totalSteps: steps, warmupSteps } as const,
	};
	const draw = rowDrawer(shape, data, dropout);
	const batchOf = (step: number) => {
		const own = random.fork(`step-${step}`);
		return denoiserBatch(shape, draw(rows, own), marginals, schedule, own);
	};
	const training = {
		definition: { ...graph, averageDecay, optimizer },
		initial: () => initialize(graph.parameters.specs(), random.fork("parameters")),
		steps,
		begin: batches(batchOf),
	};
	const state = await fit(pool, training, hooks);
	const description = { shape, size, schedule, marginals, metrics, ...(vector !== undefined && { vector }) };
	return { denoiser: { description, parameters: state.average! }, state };
}

function checkData(data: DenoiserData, shape: GraphShape): void {
	const { graphs, labelled, classes, metrics, vector, vectors } = data;
	if (graphs.count === 0 || graphs.nodes.length !== graphs.count * shape.nodes)
		throw invalidArgument("graphs", `must be graphs of ${shape.nodes} nodes`);
	if (graphs.nodes.some((label) => label >= shape.nodeClasses))
		throw invalidArgument("graphs", `must have nodes of ${shape.nodeClasses} classes`);
	if (classes.length !== labelled.count * metrics.length)
		throw invalidArgument("classes", "must hold one for each metric of each labelled architecture");
	requireTrainingVectors(vectors, labelled.count, vector);
	if (conditionWidth(data) > 0 && labelled.count === 0)
		throw invalidArgument("labelled", "must not be empty where there are metrics or vectors");
}
