import {
	defaultTrainingSize,
	exportScore,
	type ScoreConfig,
	stateShape,
	statesOf,
	type TrainingSet,
	trainingArchitectures,
	trainScore,
} from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";
import type { RunContext } from "../run-context.js";
import type { VectorSource } from "./cell-vectors.js";
import type { TrainingPlace } from "./resume-training.js";
import { type GeneratorTraining, trainGeneratorFolder } from "./train-generator-folder.js";

export interface ScoreJob extends TrainingPlace {
	readonly config: ScoreConfig;
	/** Distinct architectures to train on; `defaultTrainingSize` unless given. */
	readonly architectures?: number | undefined;
	/** Vectors that the score is asked for; none unless given. */
	readonly vectors?: VectorSource<unknown> | undefined;
}

/** Probability of asking for no vector in training. */
const DROPOUT = 0.1;

/** Trains the score of a space on its architectures and writes it with what it was trained on. */
export async function trainScoreFolder<A>(
	context: RunContext,
	space: SearchSpace<A>,
	{ config, architectures: wanted, vectors, ...place }: ScoreJob,
): Promise<TrainingSet & { readonly parameters: number }> {
	const shape = stateShape(space);
	const total = wanted ?? defaultTrainingSize(space);
	const set = { space: space.name, architectures: total, seed: config.seed };
	const architectures = trainingArchitectures(space, set);
	const states = statesOf(space, architectures);
	const values = await vectors?.vectorsOf(context, architectures);
	const asked = values && { width: values.length / architectures.length, values, dropout: DROPOUT };
	const origin = { ...set, ...(vectors && { vectors: vectors.origin }) };
	const train: GeneratorTraining["train"] = async (pool, hooks) => {
		const { score } = await trainScore(pool, states, shape, config, hooks, asked);
		return { files: exportScore(score), parameters: score.parameters };
	};
	const training = { title: "score", config, origin, train };
	return { ...set, parameters: await trainGeneratorFolder(context, place, training) };
}
