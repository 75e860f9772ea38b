import { ArchgenError, invalidArgument, throwIfAborted } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import {
	createTrainer,
	initialize,
	type ParameterSpec,
	type SessionPool,
	type Trainer,
	type TrainerState,
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

export interface SequenceTrainingHooks {
	readonly signal?: AbortSignal;
	/** After each step: training loss and gradient norm, and after a validation `validationLoss`. */
	readonly onProgress?: (step: number, total: number, metrics: Readonly<Record<string, number>>) => void;
	/** Called after each validation. */
	readonly checkpoint?: (state: SequenceCheckpoint) => Promise<void>;
	/** A saved checkpoint: training goes on after its step as if it had never stopped. */
	readonly resume?: SequenceCheckpoint;
	/** Where to start from in place of random weights, by Hugging Face's parameter names. */
	readonly pretrained?: ReadonlyMap<string, Float32Array>;
}

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

function createSequenceTrainer(
	pool: SessionPool,
	{ config, model, shape }: TrainingPlan,
	{ resume, pretrained }: SequenceTrainingHooks,
): Promise<Trainer> {
	const { loss, parameters } = trainingGraph(model, shape.rows, shape.length);
	const { learningRate, weightDecay, clipNorm, steps: totalSteps, warmupSteps } = config;
	return createTrainer(pool, {
		loss,
		parameters,
		optimizer: { learningRate, weightDecay, clipNorm, schedule: { kind: "cosine", totalSteps, warmupSteps } },
		start: resume
			? { state: resume.trainer }
			: { initial: initialParameters(parameters.specs(), config.seed, pretrained) },
	});
}

/** Steps until the end of the schedule or until validations stop improving. */
async function runTraining(
	plan: TrainingPlan,
	trainer: Trainer,
	judge: Validation,
	hooks: SequenceTrainingHooks,
): Promise<{ best: BestModel | null; steps: number }> {
	const { config } = plan;
	let best = hooks.resume?.best ?? null;
	let step = hooks.resume?.trainer.step ?? 0;
	while (step < config.steps && !isExhausted(best, step, config)) {
		throwIfAborted(hooks.signal);
		const metrics = await trainer.step(batchOf(plan, step), hooks.signal);
		step++;
		if (step % config.validateEvery !== 0 && step !== config.steps) {
			hooks.onProgress?.(step, config.steps, metrics);
			continue;
		}
		const state = await trainer.state();
		const validationLoss = await judge.loss(state.parameters, hooks.signal);
		best = better(best, { step, validationLoss, parameters: state.parameters });
		hooks.onProgress?.(step, config.steps, { ...metrics, validationLoss });
		await hooks.checkpoint?.({ trainer: state, best });
	}
	return { best, steps: step };
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
	const trainer = await createSequenceTrainer(pool, plan, hooks);
	try {
		const { best, steps } = await runTraining(plan, trainer, judge, hooks);
		if (best === null || !Number.isFinite(best.validationLoss)) throw diverged();
		const counts = { training: training.length, validation: validation.length };
		return { ...best, vocabulary, model, steps, examples: counts };
	} finally {
		await trainer.release();
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
