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
import type { TrainingPlace } from "./resume-training.js";
import { type GeneratorTraining, trainGeneratorFolder } from "./train-generator-folder.js";

export interface ScoreJob extends TrainingPlace {
	readonly config: ScoreConfig;
	/** Distinct architectures to train on; `defaultTrainingSize` unless given. */
	readonly architectures?: number | undefined;
}

/** Trains the score of a space on its architectures and writes it with what it was trained on. */
export async function trainScoreFolder<A>(
	context: RunContext,
	space: SearchSpace<A>,
	{ config, architectures, ...place }: ScoreJob,
): Promise<TrainingSet & { readonly parameters: number }> {
	const shape = stateShape(space);
	const total = architectures ?? defaultTrainingSize(space);
	const origin = { space: space.name, architectures: total, seed: config.seed };
	const states = statesOf(space, trainingArchitectures(space, origin));
	const train: GeneratorTraining["train"] = async (pool, hooks) => {
		const { score } = await trainScore(pool, states, shape, config, hooks);
		return { files: exportScore(score), parameters: score.parameters };
	};
	const training = { title: "score", config, origin, train };
	return { ...origin, parameters: await trainGeneratorFolder(context, place, training) };
}
