import { createRandom, fillNormal, type Random } from "@archgen/random";
import {
	add,
	batches,
	f32,
	fit,
	initialize,
	input,
	type LossTerms,
	meanSquaredError,
	mul,
	ParameterScope,
	reshape,
	type SessionPool,
	type TensorValue,
	type TrainerState,
	type TrainingHooks,
} from "@archgen/tensor-graph";
import { checkPredictorData, type PredictorData, type TargetScale, targetScale } from "./predictor-data.js";
import { PREDICTOR_SIZE, type PredictorSize, predictorNetwork } from "./predictor-network.js";
import { stratifiedTimes } from "./score-loss.js";
import { SDE, sigmaAt, type VarianceExplodingSde } from "./sde.js";
import { type StateShape, stateSize } from "./state-shape.js";
import type { TrainedPredictor } from "./trained-predictor.js";

/** Everything that decides the result of a training besides the data. */
export interface PredictorConfig {
	readonly seed: number;
	readonly steps: number;
	readonly size: PredictorSize;
	readonly sde: VarianceExplodingSde;
	/** Rows of a step, default 128. */
	readonly batch: number;
	/** Share of rows without noise (σ = 0), default 0.25: what `predict` is asked about. */
	readonly clean: number;
	/** Default 1e-3, falling to 0 along a cosine. */
	readonly learningRate: number;
	/** Decoupled, default 0.01. */
	readonly weightDecay: number;
	readonly clipNorm: number;
	/** Largest decay of the moving average of the parameters, which is the result; default 0.999. */
	readonly averageDecay: number;
}

export const PREDICTOR_CONFIG: PredictorConfig = {
	seed: 0,
	steps: 2500,
	size: PREDICTOR_SIZE,
	sde: SDE,
	batch: 128,
	clean: 0.25,
	learningRate: 1e-3,
	weightDecay: 0.01,
	clipNorm: 1,
	averageDecay: 0.999,
};

/** Steps of a training by its rows: 300, 60 for each doubling of the rows and one for every ten of them, at most 2,500. */
export function predictorSteps(rows: number): number {
	return Math.min(2500, Math.round(300 + 60 * Math.log2(rows) + rows / 10));
}

/** A trained predictor and the state to go on from. */
export interface PredictorTraining {
	readonly predictor: TrainedPredictor;
	readonly state: TrainerState;
}

/**
 * Trains a predictor on noised architectures by least squares against the standardised targets.
 *
 * @throws ArchgenError INVALID_ARGUMENT for data that do not fit, CANCELLED when the signal fires
 */
export async function trainPredictor(
	pool: SessionPool,
	data: PredictorData,
	shape: StateShape,
	config: PredictorConfig,
	hooks: TrainingHooks = {},
): Promise<PredictorTraining> {
	checkPredictorData(data, shape);
	const random = createRandom(config.seed);
	const { size, sde, steps, averageDecay, learningRate, weightDecay, clipNorm } = config;
	const scale = targetScale(data.targets);
	const graph = predictorLoss(shape, size, config.batch);
	const optimizer = {
		...{ learningRate, weightDecay, clipNorm },
		schedule: { kind: "cosine", totalSteps: steps, warmupSteps: Math.ceil(steps / 30) } as const,
	};
	const training = {
		definition: { ...graph, averageDecay, optimizer },
		initial: () => initialize(graph.parameters.specs(), random.fork("parameters")),
		steps,
		begin: batches((step) => predictorBatch(data, scale, shape, config, random.fork(`step-${step}`))),
	};
	const state = await fit(pool, training, hooks);
	const description = { shape, size, sde, scale, rows: data.targets.length };
	return { predictor: { description, parameters: state.average! }, state };
}

function predictorLoss(
	shape: StateShape,
	size: PredictorSize,
	rows: number,
): LossTerms & { readonly parameters: ParameterScope } {
	const entries = [rows, shape.nodes, shape.operations];
	const [clean, noise, sigma] = [input("clean", entries), input("noise", entries), input("sigma", [rows, 1])];
	const parameters = new ParameterScope();
	const noised = add(clean, mul(reshape(sigma, [rows, 1, 1]), noise));
	const predicted = predictorNetwork(parameters, noised, sigma, shape, size);
	return { loss: meanSquaredError(predicted, input("target", [rows, 1])), parameters };
}

/** One training batch, a function of the random stream alone; its first rows are without noise. */
function predictorBatch(
	{ states, targets }: PredictorData,
	scale: TargetScale,
	shape: StateShape,
	{ batch: rows, clean, sde }: PredictorConfig,
	random: Random,
): Record<string, TensorValue> {
	const width = stateSize(shape);
	const entries = [rows, shape.nodes, shape.operations];
	const drawn = Array.from({ length: rows }, () => random.integer(targets.length));
	const [chosen, target] = [new Float32Array(rows * width), new Float32Array(rows)];
	drawn.forEach((from, row) => {
		chosen.set(states.subarray(from * width, (from + 1) * width), row * width);
		target[row] = (targets[from]! - scale.mean) / scale.std;
	});
	const cleanRows = Math.round(clean * rows);
	const noisy = stratifiedTimes(rows - cleanRows, random).map((t) => sigmaAt(sde, t));
	const sigma = new Float32Array(rows);
	sigma.set(noisy, cleanRows);
	return {
		clean: f32(chosen, entries),
		noise: f32(fillNormal(random, new Float32Array(rows * width)), entries),
		sigma: f32(sigma, [rows, 1]),
		target: f32(target, [rows, 1]),
	};
}
