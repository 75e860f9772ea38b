import type { Random } from "@archgen/random";
import { type ArchitectureSpace, architectureKey } from "@archgen/search-space";

/** An architecture and its measured value, to be maximised. */
export interface Evaluation<A> {
	readonly architecture: A;
	readonly value: number;
}

/** What a source of candidates knows. */
export interface CandidateRequest<A, S> {
	/** In the order in which they were evaluated. */
	readonly evaluations: readonly Evaluation<A>[];
	/** Trained on them. */
	readonly surrogate: S;
	readonly count: number;
	readonly random: Random;
	readonly signal?: AbortSignal | undefined;
}

/** Architectures among which the acquisition function chooses; those that are evaluated already are left out by the caller. */
export type CandidateSource<A, S = unknown> = (
	request: CandidateRequest<A, S>,
) => readonly A[] | Promise<readonly A[]>;

/** Random architectures of the space. */
export function randomCandidates<A>(space: ArchitectureSpace<A>): CandidateSource<A> {
	return ({ count, random }) => Array.from({ length: count }, () => space.random(random));
}

/**
 * Mutations of the best architecture. Where all that are drawn are evaluated already, those of the next best.
 */
export function mutationCandidates<A>(space: ArchitectureSpace<A>): CandidateSource<A> {
	return ({ evaluations, count, random }) => {
		const known = new Set(evaluations.map(({ architecture }) => architectureKey(space, architecture)));
		for (const { architecture } of [...evaluations].sort((a, b) => b.value - a.value)) {
			const drawn = Array.from({ length: count }, () => space.mutate(architecture, random));
			if (drawn.some((each) => !known.has(architectureKey(space, each)))) return drawn;
		}
		return [];
	};
}

/** Half of the candidates from one source, half from another. */
export function mixedCandidates<A, S>(
	first: CandidateSource<A, S>,
	second: CandidateSource<A, S>,
): CandidateSource<A, S> {
	return async ({ count, random, ...request }) => {
		const half = Math.floor(count / 2);
		return [
			...(await first({ ...request, count: count - half, random: random.fork("first") })),
			...(await second({ ...request, count: half, random: random.fork("second") })),
		];
	};
}
