import type { TrainerState } from "@archgen/tensor-graph";
import type { TrainedFlow } from "./export-ccnf.js";
import type { Normalization } from "./moving-batch-norm.js";

/** All that is needed to go on training. */
export interface CcnfCheckpoint {
	readonly trainer: TrainerState;
	/** Running statistics at the noise end; only the "nll" objective moves them. */
	readonly noiseNorm?: Normalization;
}

export interface TrainingHooks {
	readonly signal?: AbortSignal;
	/** After each step, with the loss of that step's batch. */
	readonly onProgress?: (step: number, total: number, metrics: Readonly<Record<string, number>>) => void;
	readonly checkpoint?: {
		/** Steps between two checkpoints; one is always saved at the end. */
		readonly every: number;
		readonly save: (checkpoint: CcnfCheckpoint) => Promise<void>;
	};
	/** A saved checkpoint; training continues after its step as if it had never stopped. */
	readonly resume?: CcnfCheckpoint;
}

export interface TrainingResult {
	readonly flow: TrainedFlow;
	readonly checkpoint: CcnfCheckpoint;
}

export function isCheckpoint(step: number, total: number, { checkpoint }: TrainingHooks): boolean {
	return step === total || step % (checkpoint?.every ?? total) === 0;
}
