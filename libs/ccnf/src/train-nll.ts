import { throwIfAborted } from "@archgen/errors";
import { createRandom, fillNormal, type Random } from "@archgen/random";
import {
	createTrainer,
	f32,
	initialize,
	type LoadedModel,
	type ParameterScope,
	type SessionPool,
	type TensorValue,
	type Trainer,
	type TrainerState,
} from "@archgen/tensor-graph";
import type { CcnfConfig } from "./ccnf-config.js";
import { drawRows, type FlowData } from "./flow-data.js";
import {
	identityNormalization,
	movedTowards,
	type Normalization,
	normalizationOf,
	normalize,
} from "./moving-batch-norm.js";
import { nllGradient } from "./nll-gradient.js";
import { givenGradientLoss, gradientInput, nllGraphs } from "./nll-graphs.js";
import { isCheckpoint, type TrainingHooks, type TrainingResult } from "./training-hooks.js";

/** The trainable √T; T = √T² stays positive. As in FFJORD and PointFlow. */
const ROOT_END_TIME = "root_end_time";
const INITIAL_ROOT_END_TIME = Math.sqrt(0.5);
/** Weight of a new batch in the running statistics of a MovingBatchNorm. */
const DECAY = 0.1;

/**
 * Trains the field by maximum likelihood (eq. 6–7): exact change of variables with Hutchinson's trace estimator, gradients
 * by the adjoint method, Dormand–Prince 5(4) at 1e-5.
 *
 * MovingBatchNorm at the latents' end: its running statistics converge to those of the data, which are computed at once. At
 * the noise end they are running averages over batches, constants for the gradient.
 */
export async function trainNll(
	pool: SessionPool,
	data: FlowData,
	config: CcnfConfig,
	hooks: TrainingHooks = {},
): Promise<TrainingResult> {
	const latentNorm = normalizationOf(data.latents, config.size.dimension);
	const normalized = { ...data, latents: normalize(latentNorm, data.latents) };
	const random = createRandom(config.seed);
	const run = await startRun(pool, config, hooks, random);
	let noiseNorm = hooks.resume?.noiseNorm ?? identityNormalization(config.size.dimension);
	let state = await run.trainer.state();
	const checkpoint = () => ({ trainer: state, noiseNorm });
	try {
		for (let step = state.step; step < config.steps; step++) {
			throwIfAborted(hooks.signal);
			const result = await oneStep(
				run,
				normalized,
				config,
				state,
				noiseNorm,
				random.fork(`step-${step}`),
				hooks.signal,
			);
			noiseNorm = movedTowards(noiseNorm, result.noise, DECAY);
			state = await run.trainer.state();
			hooks.onProgress?.(step + 1, config.steps, {
				loss: result.loss,
				evaluations: result.evaluations,
				endTime: endTimeOf(state),
			});
			if (isCheckpoint(step + 1, config.steps, hooks)) await hooks.checkpoint?.save(checkpoint());
		}
		const description = {
			objective: "nll" as const,
			size: config.size,
			endTime: endTimeOf(state),
			latentNorm,
			noiseNorm,
		};
		return { flow: { description, parameters: state.parameters }, checkpoint: checkpoint() };
	} finally {
		await run.release();
	}
}

interface Run {
	readonly forward: LoadedModel;
	readonly backward: LoadedModel;
	readonly trainer: Trainer;
	readonly parameters: ParameterScope;
	release(): Promise<void>;
}

async function startRun(
	pool: SessionPool,
	config: CcnfConfig,
	hooks: TrainingHooks,
	random: Random,
): Promise<Run> {
	const { parameters, ...files } = nllGraphs(config.size, config.batch);
	parameters.parameter(ROOT_END_TIME, [1], { kind: "constant", value: INITIAL_ROOT_END_TIME });
	const trainer = await createTrainer(pool, {
		...givenGradientLoss(parameters),
		parameters,
		optimizer: { ...config, schedule: { kind: config.schedule, totalSteps: config.steps } },
		start: hooks.resume
			? { state: hooks.resume.trainer }
			: { initial: initialize(parameters.specs(), random.fork("parameters")) },
	});
	const [forward, backward] = await Promise.all([pool.load(files.forward), pool.load(files.backward)]);
	const release = async () => {
		await Promise.all([trainer.release(), forward.release(), backward.release()]);
	};
	return { forward, backward, trainer, parameters, release };
}

async function oneStep(
	run: Run,
	data: FlowData,
	config: CcnfConfig,
	state: TrainerState,
	noiseNorm: Normalization,
	random: Random,
	signal?: AbortSignal,
) {
	const { size } = config;
	const batch = drawRows(data, size, config.batch, random);
	const specs = run.parameters.specs().filter(({ name }) => name !== ROOT_END_TIME);
	const root = state.parameters.get(ROOT_END_TIME)![0]!;
	const result = await nllGradient({
		size,
		forward: run.forward,
		backward: run.backward,
		parameters: Object.fromEntries(
			specs.map(({ name, shape }) => [name, f32(state.parameters.get(name)!, shape)]),
		),
		endTime: root ** 2,
		noiseNorm,
		...batch,
		probe: fillNormal(random, new Float32Array(config.batch * size.dimension)),
		tolerance: config.tolerance,
		signal,
	});
	const gradients: Record<string, TensorValue> = {
		[gradientInput(ROOT_END_TIME)]: f32([2 * root * result.endTime], [1]),
	};
	let offset = 0;
	for (const { name, shape } of specs) {
		const length = shape.reduce((a, b) => a * b, 1);
		gradients[gradientInput(name)] = f32(result.parameters.slice(offset, offset + length), shape);
		offset += length;
	}
	await run.trainer.step(gradients, signal);
	return result;
}

function endTimeOf(state: TrainerState): number {
	return state.parameters.get(ROOT_END_TIME)![0]! ** 2;
}
