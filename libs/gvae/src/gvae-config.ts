import { GVAE_SIZE, type GvaeSize } from "./gvae-size.js";
import type { LossWeights } from "./loss.js";
import type { BatchSizes } from "./training-graph.js";

/** Everything that decides the result of a training besides the data. */
export interface GvaeConfig {
	readonly seed: number;
	readonly steps: number;
	readonly size: GvaeSize;
	/** 64 labelled and 64 unlabelled cells a step. */
	readonly batch: BatchSizes;
	/** Peak of the cosine schedule, default 3.5e-4. */
	readonly learningRate: number;
	/** Decoupled, default 5e-4. */
	readonly weightDecay: number;
	/** Largest gradient norm, default 5. */
	readonly clipNorm: number;
	readonly weights: LossWeights;
}

export const GVAE_CONFIG: GvaeConfig = {
	seed: 0,
	steps: 3000,
	size: GVAE_SIZE,
	batch: { labelled: 64, unlabelled: 64 },
	learningRate: 3.5e-4,
	weightDecay: 5e-4,
	clipNorm: 5,
	weights: { positiveFeature: 4, beta: 0.01, triplet: 1, tripletMargin: 0.1, predictor: 1 },
};
