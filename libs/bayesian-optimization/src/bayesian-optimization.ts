import { invalidArgument, throwIfAborted } from "@archgen/errors";
import { createRandom, type Random } from "@archgen/random";
import { type ArchitectureSpace, architectureKey } from "@archgen/search-space";
import { ACQUISITIONS, type AcquisitionName } from "./acquisition.js";
import { architectureDistance } from "./architecture-distance.js";
import { type CandidateSource, type Evaluation, randomCandidates } from "./candidates.js";
import { fitGaussianProcess, GaussianProcess, type KernelSettings } from "./gaussian-process.js";
import { normalScores } from "./normal-scores.js";

/** Settings of a search. The paper (algorithms 1 and 2 of DiffusionNAG) leaves n₀, c and the ensemble open. */
export interface BayesianOptions {
	/** Random architectures that it begins with (n₀). */
	readonly initial: number;
	/** Evaluations in all (N). */
	readonly evaluations: number;
	/** Architectures among which the acquisition function chooses each time (c). */
	readonly candidates: number;
	readonly acquisition: AcquisitionName;
	/** Of `ucb`. */
	readonly beta: number;
	readonly seed: number;
}

/** Settings where none are given. */
export const BAYESIAN_OPTIONS: BayesianOptions = {
	initial: 10,
	evaluations: 100,
	candidates: 64,
	acquisition: "ei",
	beta: 1,
	seed: 0,
};

/** What a search stands on. */
export interface BayesianDependencies<A> {
	readonly space: ArchitectureSpace<A>;
	/** Measures an architecture; larger is better. */
	readonly evaluate: (architecture: A, signal?: AbortSignal) => number | Promise<number>;
	/** Default: random architectures. */
	readonly source?: CandidateSource<A, GaussianProcess<A>>;
}

/** What a caller may watch. */
export interface BayesianHooks<A> {
	readonly signal?: AbortSignal | undefined;
	/** Every evaluation, in order; awaited. */
	readonly onEvaluation?: (evaluation: Evaluation<A>) => void | Promise<void>;
}

/** Sources are asked again so many times where all their candidates are evaluated already; then a random architecture is taken. */
const MOST_TRIES = 3;

/**
 * Bayesian optimisation: random architectures, then again and again the candidate that the acquisition function prefers under a Gaussian process
 * over the values so far. No architecture is evaluated twice. Each evaluation draws from a random stream of its own, so that a search which goes on
 * from its first evaluations is the same as one that was never interrupted.
 *
 * @param begun evaluations of an earlier run with the same options
 * @returns all evaluations, in order; fewer than asked for only where the space has no more
 * @throws ArchgenError INVALID_ARGUMENT for options out of range, CANCELLED, or what a dependency throws
 */
export async function optimizeArchitectures<A>(
	options: BayesianOptions,
	{ space, evaluate, source = randomCandidates(space) }: BayesianDependencies<A>,
	{ signal, onEvaluation }: BayesianHooks<A> = {},
	begun: readonly Evaluation<A>[] = [],
): Promise<Evaluation<A>[]> {
	checkOptions(options);
	const evaluations = [...begun];
	const known = new Set(begun.map(({ architecture }) => architectureKey(space, architecture)));
	const surrogateOf = surrogates(space);
	const isNew = (each: A) => !known.has(architectureKey(space, each));
	while (evaluations.length < options.evaluations) {
		throwIfAborted(signal);
		const random = createRandom(options.seed).fork(`evaluation-${evaluations.length}`);
		const chosen =
			evaluations.length < options.initial
				? undefined
				: await best(evaluations, options, { source, surrogateOf, isNew }, random, signal);
		const architecture = chosen ?? newRandom(space, isNew, random.fork("random"));
		if (architecture === undefined) break;
		const value = await evaluate(architecture, signal);
		known.add(architectureKey(space, architecture));
		evaluations.push({ architecture, value });
		await onEvaluation?.({ architecture, value });
	}
	return evaluations;
}

/** Evaluations after which the settings of the kernel are chosen anew, which costs more than all else. */
const SETTINGS_EVERY = 5;

/** Surrogates of the first evaluations of one search. */
function surrogates<A>(space: ArchitectureSpace<A>) {
	const distance = architectureDistance(space);
	const observed = (evaluations: readonly Evaluation<A>[]) => ({
		points: evaluations.map(({ architecture }) => architecture),
		values: normalScores(evaluations.map(({ value }) => value)),
	});
	let chosen: { readonly at: number; readonly settings: KernelSettings } | undefined;
	return (evaluations: readonly Evaluation<A>[]) => {
		// A function of the number of evaluations alone, so that a search which goes on chooses the same.
		const at = Math.max(1, evaluations.length - (evaluations.length % SETTINGS_EVERY));
		if (chosen?.at !== at)
			chosen = { at, settings: fitGaussianProcess(observed(evaluations.slice(0, at)), distance).settings };
		return new GaussianProcess(observed(evaluations), distance, chosen.settings);
	};
}

interface Choice<A> {
	readonly source: CandidateSource<A, GaussianProcess<A>>;
	readonly surrogateOf: (evaluations: readonly Evaluation<A>[]) => GaussianProcess<A>;
	readonly isNew: (architecture: A) => boolean;
}

/** The candidate that the acquisition function prefers; undefined where a source has nothing new. */
async function best<A>(
	evaluations: readonly Evaluation<A>[],
	{ candidates: count, acquisition, beta }: BayesianOptions,
	{ source, surrogateOf, isNew }: Choice<A>,
	random: Random,
	signal: AbortSignal | undefined,
): Promise<A | undefined> {
	const surrogate = surrogateOf(evaluations);
	const context = { best: Math.max(...surrogate.observed.values), beta, random: random.fork("acquisition") };
	for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
		const stream = random.fork(`candidates-${attempt}`);
		const drawn = await source({ evaluations, surrogate, count, random: stream, signal });
		const ranked = drawn
			.filter(isNew)
			.map((each) => ({ each, worth: ACQUISITIONS[acquisition](surrogate.at(each), context) }));
		if (ranked.length > 0) return ranked.reduce((most, next) => (next.worth > most.worth ? next : most)).each;
	}
	return undefined;
}

/** Draws in a row without a new architecture after which a space counts as exhausted. */
const MOST_REPEATS = 10_000;

function newRandom<A>(
	space: ArchitectureSpace<A>,
	isNew: (architecture: A) => boolean,
	random: Random,
): A | undefined {
	for (let i = 0; i < MOST_REPEATS; i++) {
		const drawn = space.random(random);
		if (isNew(drawn)) return drawn;
	}
	return undefined;
}

function checkOptions({ initial, evaluations, candidates, beta }: BayesianOptions): void {
	for (const [field, value] of Object.entries({ initial, evaluations, candidates }))
		if (!Number.isInteger(value) || value < 1) throw invalidArgument(field, "must be a whole number above 0");
	if (!(beta >= 0) || beta === Infinity) throw invalidArgument("beta", "must be a number from 0 on");
}
