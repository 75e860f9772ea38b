import { createRandom } from "@archgen/random";
import type { ArchitectureSpace } from "@archgen/search-space";
import { distinctArchitectures } from "./architecture-set.js";

/** Architectures that a score is trained on, by what decides them. */
export interface TrainingSet {
	readonly space: string;
	/** Number of distinct architectures. */
	readonly architectures: number;
	readonly seed: number;
}

/** Most architectures of a training by default. */
const MOST_ARCHITECTURES = 100_000n;

/** Half of the space, as published; of a large one 100,000. */
export function defaultTrainingSize<A>({ limits }: ArchitectureSpace<A>): number {
	const half = limits.architectures / 2n;
	return Number(half < MOST_ARCHITECTURES ? half : MOST_ARCHITECTURES);
}

/** The architectures of a training set: always the same ones. */
export function trainingArchitectures<A>(
	space: ArchitectureSpace<A>,
	{ architectures, seed }: TrainingSet,
): A[] {
	return distinctArchitectures(space, architectures, createRandom(seed).fork("architectures"));
}
