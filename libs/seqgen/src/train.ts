import { ArchgenError, invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import {
	batches,
	fit,
	hooksOfState,
	initialize,
	type ParameterSpec,
	type SessionPool,
	type TakeStep,
	type Trainer,
	type TrainerState,
	type TrainingHooks,
} from "@archgen/tensor-graph";
import { type SequenceExample, type SequenceSplit, splitExamples } from "./examples.js";
import type { GptNeoConfig } from "./gpt-neo-config.js";
import { trainingGraph } from "./gpt-neo-graphs.js";
import {
	dropConditions,
	longestExample,
	type TrainingBatch,
	trainingBatch,
	weightedDraw,
} from "./training-batch.js";
import { assertTrainingConfig, type SequenceTrainingConfig } from "./training-config.js";
import { Validation } from "./validation.js";
import { Vocabulary } from "./vocabulary.js";

/** The best parameters so far. */
export interface BestModel {
	/** Completed steps when they were measured. */
	readonly step: number;
	/** Mean cross-entropy a token on the held-out sequences, in nats. */
	readonly validationLoss: number;
	readonly parameters: ReadonlyMap<string, Float32Array>;
}

/** All that is needed to go on training. */
export interface SequenceCheckpoint {
	readonly trainer: TrainerState;
	readonly best: BestModel | null;
}

/**
 * Hooks of a training: reports training loss and gradient norm, and after a validation `validationLoss`; checkpoints come with validations.
 */
export type SequenceTrainingHooks = Pick<
	TrainingHooks<SequenceCheckpoint>,
	"signal" | "onProgress" | "resume"
> & {
	/** Called after each validation. */
	readonly checkpoint?: (state: SequenceCheckpoint) => Promise<void>;
	/** Where to start from in place of random weights, by Hugging Face's parameter names. */
	readonly pretrained?: ReadonlyMap<string, Float32Array>;
};

export interface TrainedSequenceGenerator extends BestModel {
	readonly vocabulary: Vocabulary;
	readonly model: GptNeoConfig;
	/** Steps taken, more than `step` when training stopped for lack of improvement. */
	readonly steps: number;
	readonly examples: { readonly training: number; readonly validation: number };
}

const TOKEN_TABLE = "transformer.wte.weight";

function initialParameters(
	specs: readonly ParameterSpec[],
	seed: number,
	pretrained: ReadonlyMap<string, Float32Array> = new Map(),
): Map<string, Float32Array> {
	const values = initialize(specs, createRandom(seed).fork("parameters"));
	for (const [name, known] of pretrained) {
		const fresh = values.get(name);
		// The token table of an extended vocabulary begins with the rows that were there before; ours stay fresh.
		if (fresh !== undefined && name === TOKEN_TABLE && known.length < fresh.length) fresh.set(known);
		else if (fresh?.length === known.length) values.set(name, known);
		else throw invalidArgument("pretrained", `the weights ${name} are of a model of another size`);
	}
	const absent = [...values.keys()].filter((name) => !pretrained.has(name));
	if (pretrained.size > 0 && absent.length > 0)
		throw invalidArgument("pretrained", `the weights ${absent.slice(0, 4).join(", ")} are missing`);
	return values;
}

function better(best: BestModel | null, candidate: BestModel): BestModel {
	return best === null || candidate.validationLoss < best.validationLoss ? candidate : best;
}

/** Data and sizes that a run works with; they depend on examples and configuration alone. */
interface TrainingPlan {
	readonly config: SequenceTrainingConfig;
	readonly vocabulary: Vocabulary;
	readonly model: GptNeoConfig;
	readonly training: readonly SequenceExample[];
	readonly validation: readonly SequenceExample[];
	readonly shape: { readonly rows: number; readonly length: number };
}

function planTraining(
	data: readonly SequenceExample[] | SequenceSplit,
	config: SequenceTrainingConfig,
): TrainingPlan {
	assertTrainingConfig(config);
	const vocabulary = new Vocabulary(config.vocabulary);
	const model = { ...config.model, vocabularySize: vocabulary.size };
	const split =
		"training" in data
			? data
			: splitExamples(data, config.validationFraction, createRandom(config.seed).fork("split"));
	const length = longestExample(vocabulary, [...split.training, ...split.validation]);
	if (vocabulary.maxLength > model.maxPositions) {
		throw invalidArgument(
			"model.maxPositions",
			`must be at least ${vocabulary.maxLength}, the longest sequence`,
		);
	}
	return { config, vocabulary, model, ...split, shape: { rows: config.batch, length } };
}

function batchOf({ config, vocabulary, training, shape }: TrainingPlan, step: number): TrainingBatch {
	const random = createRandom(config.seed).fork(`step-${step}`);
	const chosen = weightedDraw(training, config.batch, random).map((example) => ({
		...example,
		condition: dropConditions(example.condition, config.dropProbability, random),
	}));
	return trainingBatch(vocabulary, chosen, shape);
}

/** Steps until the end of the schedule or until validations stop improving. */
async function runTraining(
	pool: SessionPool,
	plan: TrainingPlan,
	judge: Validation,
	hooks: SequenceTrainingHooks,
): Promise<{ best: BestModel | null; steps: number }> {
	const { config, model, shape } = plan;
	const { learningRate, weightDecay, clipNorm, steps, warmupSteps, validateEvery: every } = config;
	const { loss, parameters } = trainingGraph(model, shape.rows, shape.length);
	const schedule = { kind: "cosine", totalSteps: steps, warmupSteps } as const;
	let best = hooks.resume?.best ?? null;
	const begin = async (trainer: Trainer, signal?: AbortSignal): Promise<TakeStep> => {
		const train = await batches((step) => batchOf(plan, step))(trainer, signal);
		return async (step) => {
			const metrics = await train(step);
			const completed = step + 1;
			if (completed % every !== 0 && completed !== steps) return metrics;
			const state = await trainer.state();
			const validationLoss = await judge.loss(state.parameters, signal);
			best = better(best, { step: completed, validationLoss, parameters: state.parameters });
			return { ...metrics, validationLoss };
		};
	};
	const training = {
		definition: { loss, parameters, optimizer: { learningRate, weightDecay, clipNorm, schedule } },
		initial: () => initialParameters(parameters.specs(), config.seed, hooks.pretrained),
		steps,
		begin,
		isOver: (completed: number) => isExhausted(best, completed, config),
	};
	const { signal, onProgress, resume, checkpoint } = hooks;
	const own = {
		...{ signal, onProgress, resume },
		...(checkpoint && { checkpoint: { every, save: checkpoint } }),
	};
	const state = await fit(
		pool,
		training,
		hooksOfState<SequenceCheckpoint>(
			own,
			(trainer) => ({ trainer, best }),
			({ trainer }) => trainer,
		),
	);
	return { best, steps: state.step };
}

/**
 * Trains a GPT-Neo to continue conditions with the sequences that answered them (eq. 10).
 *
 * A step draws its batch by the examples' weights and drops each condition field with `dropProbability`; both depend on
 * the seed and the step alone, so that a resumed run is the same run. The parameters with the least held-out loss win.
 *
 * @param examples to be split at random, or split already
 * @throws INVALID_ARGUMENT for a configuration or examples that cannot be trained on, CANCELLED when the signal fires
 */
export async function trainSequenceGenerator(
	pool: SessionPool,
	examples: readonly SequenceExample[] | SequenceSplit,
	config: SequenceTrainingConfig,
	hooks: SequenceTrainingHooks = {},
): Promise<TrainedSequenceGenerator> {
	const plan = planTraining(examples, config);
	const { vocabulary, model, training, validation } = plan;
	const judge = await Validation.create(pool, model, vocabulary, validation, { ...plan.shape, ...config });
	try {
		const { best, steps } = await runTraining(pool, plan, judge, hooks);
		if (best === null || !Number.isFinite(best.validationLoss)) throw diverged();
		const counts = { training: training.length, validation: validation.length };
		return { ...best, vocabulary, model, steps, examples: counts };
	} finally {
		await judge.release();
	}
}

function isExhausted(
	best: BestModel | null,
	step: number,
	{ patience, validateEvery }: SequenceTrainingConfig,
): boolean {
	return best !== null && patience > 0 && step - best.step >= patience * validateEvery;
}

function diverged(): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "TRAINING_DIVERGED",
		message: "The validation loss is not a finite number; lower the learning rate.",
	});
}
