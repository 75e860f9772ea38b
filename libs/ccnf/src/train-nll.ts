import { createRandom, fillNormal, type Random } from "@archgen/random";
import {
	f32,
	fit,
	hooksOfState,
	initialize,
	type LoadedModel,
	type ParameterScope,
	type SessionPool,
	type TakeStep,
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
import type { CcnfTrainingHooks, TrainingResult } from "./training-hooks.js";

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
	hooks: CcnfTrainingHooks = {},
): Promise<TrainingResult> {
	const latentNorm = normalizationOf(data.latents, config.size.dimension);
	const normalized = { ...data, latents: normalize(latentNorm, data.latents) };
	const random = createRandom(config.seed);
	const { parameters, ...files } = nllGraphs(config.size, config.batch);
	parameters.parameter(ROOT_END_TIME, [1], { kind: "constant", value: INITIAL_ROOT_END_TIME });
	let noiseNorm = hooks.resume?.noiseNorm ?? identityNormalization(config.size.dimension);
	const [forward, backward] = await Promise.all([pool.load(files.forward), pool.load(files.backward)]);
	const begin = async (trainer: Trainer, signal?: AbortSignal): Promise<TakeStep> => {
		let state = await trainer.state();
		return async (step) => {
			const flow = { forward, backward, parameters, state, noiseNorm };
			const { noise, loss, evaluations, gradients } = await gradientOf(
				flow,
				normalized,
				config,
				random.fork(`step-${step}`),
				signal,
			);
			await trainer.step(gradients, signal);
			noiseNorm = movedTowards(noiseNorm, noise, DECAY);
			state = await trainer.state();
			return { loss, evaluations, endTime: endTimeOf(state) };
		};
	};
	const training = {
		definition: {
			...givenGradientLoss(parameters),
			parameters,
			optimizer: { ...config, schedule: { kind: config.schedule, totalSteps: config.steps } },
		},
		initial: () => initialize(parameters.specs(), random.fork("parameters")),
		steps: config.steps,
		begin,
	};
	const checkpoint = (trainer: TrainerState) => ({ trainer, noiseNorm });
	try {
		const state = await fit(
			pool,
			training,
			hooksOfState(hooks, checkpoint, ({ trainer }) => trainer),
		);
		const description = {
			objective: "nll" as const,
			size: config.size,
			endTime: endTimeOf(state),
			latentNorm,
			noiseNorm,
		};
		return { flow: { description, parameters: state.parameters }, checkpoint: checkpoint(state) };
	} finally {
		await Promise.all([forward.release(), backward.release()]);
	}
}

/** The field as it is before a step. */
interface CurrentFlow {
	readonly forward: LoadedModel;
	readonly backward: LoadedModel;
	readonly parameters: ParameterScope;
	readonly state: TrainerState;
	readonly noiseNorm: Normalization;
}

/** The gradient of one batch, as the inputs of the training's graph. */
async function gradientOf(
	{ forward, backward, parameters, state, noiseNorm }: CurrentFlow,
	data: FlowData,
	config: CcnfConfig,
	random: Random,
	signal?: AbortSignal,
) {
	const { size } = config;
	const batch = drawRows(data, size, config.batch, random);
	const specs = parameters.specs().filter(({ name }) => name !== ROOT_END_TIME);
	const root = state.parameters.get(ROOT_END_TIME)![0]!;
	const result = await nllGradient({
		size,
		forward,
		backward,
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
	return { ...result, gradients };
}

function endTimeOf(state: TrainerState): number {
	return state.parameters.get(ROOT_END_TIME)![0]! ** 2;
}
