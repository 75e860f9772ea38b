import type { Condition } from "./condition.js";
import type { Constraints } from "./constraints.js";
import type { MacroSequence } from "./macro-sequence.js";

/** Sequences that are wanted. */
export interface SequenceRequest {
	readonly condition: Condition;
	/** The hard bounds, for a source that can mask what no longer fits. */
	readonly constraints: Constraints;
	/** How many are wanted; fewer and repeated ones are allowed. */
	readonly count: number;
	/** Divisor of the logits; a single sequence is always the likeliest one. {@link SEQUENCE_TEMPERATURE} unless given. */
	readonly temperature?: number;
	readonly seed: number;
}

/** Generator of macro sequences. */
export interface SequenceGenerator {
	/** Model version, echoed in the result. */
	readonly version: string;
	sample(request: SequenceRequest, signal?: AbortSignal): Promise<readonly MacroSequence[]>;
}

/**
 * Divisor of the logits when the sequences of a request are drawn: nearly the likeliest ones, as published, since cells are varied more
 * cheaply than sequences.
 */
export const SEQUENCE_TEMPERATURE = 0.5;
