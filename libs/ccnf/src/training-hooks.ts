import type { TrainerState, TrainingHooks } from "@archgen/tensor-graph";
import type { TrainedFlow } from "./export-ccnf.js";
import type { Normalization } from "./moving-batch-norm.js";

/** All that is needed to go on training. */
export interface CcnfCheckpoint {
	readonly trainer: TrainerState;
	/** Running statistics at the noise end; only the "nll" objective moves them. */
	readonly noiseNorm?: Normalization;
}

/** Hooks of a training of the flow. */
export type CcnfTrainingHooks = TrainingHooks<CcnfCheckpoint>;

export interface TrainingResult {
	readonly flow: TrainedFlow;
	readonly checkpoint: CcnfCheckpoint;
}
