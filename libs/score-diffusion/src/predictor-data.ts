import { invalidArgument } from "@archgen/errors";
import { type StateShape, stateSize } from "./state-shape.js";

/** Labelled architectures. */
export interface PredictorData {
	/** ±1, flat [architectures, nodes, operations]. */
	readonly states: Float32Array;
	/** The property of each, in its own unit. */
	readonly targets: readonly number[];
}

/** Mean and standard deviation that targets are standardised with. */
export interface TargetScale {
	readonly mean: number;
	readonly std: number;
}

/** @throws ArchgenError INVALID_ARGUMENT for data that are too few, not finite or of another size */
export function checkPredictorData({ states, targets }: PredictorData, shape: StateShape): void {
	if (targets.length < 2) throw invalidArgument("targets", "must be at least two");
	if (states.length !== targets.length * stateSize(shape))
		throw invalidArgument("states", `must hold ${stateSize(shape)} numbers for each target`);
	if (!targets.every(Number.isFinite)) throw invalidArgument("targets", "must be finite numbers");
}

/** Mean and standard deviation of the targets; the deviation of equal targets is 1. */
export function targetScale(targets: readonly number[]): TargetScale {
	const mean = targets.reduce((sum, y) => sum + y, 0) / targets.length;
	const variance = targets.reduce((sum, y) => sum + (y - mean) ** 2, 0) / targets.length;
	return { mean, std: Math.sqrt(variance) || 1 };
}
