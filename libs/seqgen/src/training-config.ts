import { invalidArgument } from "@archgen/errors";
import { DEFAULT_GPT_NEO, type GptNeoConfig } from "./gpt-neo-config.js";
import { DEFAULT_VOCABULARY, type VocabularyConfig } from "./vocabulary.js";

/** How the sequence generator is trained. */
export interface SequenceTrainingConfig {
	readonly vocabulary: VocabularyConfig;
	readonly model: Omit<GptNeoConfig, "vocabularySize">;
	/** Optimiser steps at most; the cosine schedule ends there. */
	readonly steps: number;
	/** Sequences in a step. */
	readonly batch: number;
	/** Peak of the schedule. */
	readonly learningRate: number;
	/** Steps over which the rate rises linearly. */
	readonly warmupSteps: number;
	readonly weightDecay: number;
	readonly clipNorm: number;
	/** Probability with which each field of a condition is replaced by `<any>`. */
	readonly dropProbability: number;
	/** Share of the examples that is held out. */
	readonly validationFraction: number;
	/** Steps between two validations. */
	readonly validateEvery: number;
	/** Validations without improvement after which training stops; 0 never stops early. */
	readonly patience: number;
	readonly seed: number;
}

/** Paper's Adam (rate 1e-3, weight decay 0.05), with larger batches and a schedule because we start from scratch. */
export const DEFAULT_SEQUENCE_TRAINING: SequenceTrainingConfig = {
	vocabulary: DEFAULT_VOCABULARY,
	model: DEFAULT_GPT_NEO,
	steps: 1000,
	batch: 32,
	learningRate: 1e-3,
	warmupSteps: 50,
	weightDecay: 0.05,
	clipNorm: 1,
	dropProbability: 0.5,
	validationFraction: 0.1,
	validateEvery: 50,
	patience: 5,
	seed: 0,
};

/** @throws INVALID_ARGUMENT that names the first field that makes no sense */
export function assertTrainingConfig(config: SequenceTrainingConfig): void {
	for (const field of ["steps", "batch", "validateEvery"] as const) {
		if (!Number.isInteger(config[field]) || config[field] < 1)
			throw invalidArgument(field, "must be a positive integer");
	}
	for (const field of ["dropProbability", "validationFraction"] as const) {
		if (!(config[field] >= 0 && config[field] <= 1)) throw invalidArgument(field, "must lie in [0, 1]");
	}
	if (!(config.learningRate > 0)) throw invalidArgument("learningRate", "must be positive");
}
