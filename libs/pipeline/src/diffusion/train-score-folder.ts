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
import { fingerprint } from "../training/workspace.js";
import { resumeTraining } from "./resume-training.js";
import { writeTrained } from "./trained-files.js";

export interface ScoreJob {
	readonly config: ScoreConfig;
	/** Distinct architectures to train on; `defaultTrainingSize` unless given. */
	readonly architectures?: number | undefined;
	readonly folder: string;
	readonly workers: number;
	readonly restart: boolean;
}

/** Trains the score of a space on its architectures and writes it with what it was trained on. */
export async function trainScoreFolder<A>(
	context: RunContext,
	space: SearchSpace<A>,
	{ config, architectures, folder, workers, restart }: ScoreJob,
): Promise<TrainingSet & { readonly parameters: number }> {
	const { seed, steps } = config;
	const shape = stateShape(space as SearchSpace<unknown>);
	const origin = { space: space.name, architectures: architectures ?? defaultTrainingSize(space), seed };
	const states = statesOf(space, trainingArchitectures(space, origin));
	const identity = fingerprint("score", config, origin);
	const training = { title: "score", folder, identity, steps, workers, restart };
	const { score } = await resumeTraining(context, training, (pool, hooks) =>
		trainScore(pool, states, shape, config, hooks),
	);
	await writeTrained(folder, exportScore(score), origin);
	return {
		...origin,
		parameters: [...score.parameters.values()].reduce((sum, { length }) => sum + length, 0),
	};
}
