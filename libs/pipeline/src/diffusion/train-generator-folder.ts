import type { Parameters, TrainingSet } from "@archgen/score-diffusion";
import type { SessionPool, TrainingHooks } from "@archgen/tensor-graph";
import type { RunContext } from "../run-context.js";
import { fingerprint } from "../training/workspace.js";
import { resumeTraining, type TrainingPlace } from "./resume-training.js";
import { writeTrained } from "./trained-files.js";

/** A network that samples architectures, as files and as parameters. */
export interface TrainedGenerator {
	readonly files: ReadonlyMap<string, Uint8Array>;
	readonly parameters: Parameters;
}

/** Training of a generator of architectures. */
export interface GeneratorTraining {
	/** Kind of network, in progress and checkpoint. */
	readonly title: string;
	readonly config: { readonly steps: number };
	/** Written beside the network. */
	readonly origin: TrainingSet;
	/** All else that decides the result, for the identity of the checkpoint. */
	readonly data?: readonly unknown[];
	readonly train: (pool: SessionPool, hooks: TrainingHooks) => Promise<TrainedGenerator>;
}

/** Trains a generator, or goes on from its checkpoint, and writes it with what it was trained on. @returns its number of parameters */
export async function trainGeneratorFolder(
	context: RunContext,
	place: TrainingPlace,
	{ title, config, origin, data = [], train }: GeneratorTraining,
): Promise<number> {
	const identity = fingerprint(title, config, origin, ...data);
	const training = { ...place, title, identity, steps: config.steps };
	const { files, parameters } = await resumeTraining(context, training, train);
	await writeTrained(place.folder, files, origin);
	return [...parameters.values()].reduce((sum, { length }) => sum + length, 0);
}
