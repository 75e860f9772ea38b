import {
	addDrops,
	type CellGenerator,
	type ConstraintName,
	type DropCounts,
	type NetworkScorer,
	type NetworkScores,
	objectivesOf,
	type ScoreOutcome,
	type SequenceGenerator,
	scoreAll,
} from "@archgen/design";
import { throwIfAborted } from "@archgen/errors";
import type { Network } from "@archgen/search-space";
import type { Candidate, Rejection } from "./candidate.js";
import { drawRound, type Timed } from "./draw-round.js";
import { type GenerationRequest, type ResolvedRequest, resolveRequest } from "./request.js";
import {
	type ClosestCandidate,
	closestOf,
	emptyReason,
	type GenerationResult,
	qualityOf,
	type RankedNetwork,
	ranked,
	STEPS,
	type Step,
} from "./result.js";

export interface GenerationDependencies {
	readonly sequences: SequenceGenerator;
	readonly synonyms: CellGenerator;
	readonly scorer: NetworkScorer;
	/** Orders candidates before they are scored: larger where a better objective is to be expected. Without it all are scored. */
	readonly predict?: (network: Network) => number;
	/** Drops networks for reasons that are no bounds on counts, e.g. their predicted latency; none unless given. */
	readonly reject?: Rejection;
	/** Milliseconds on any monotonic scale; for the timings only. */
	readonly now: () => number;
}

export interface GenerationProgress {
	readonly step: Step;
	/** Networks that are through this step. */
	readonly done: number;
	readonly total: number;
	/** From 0. */
	readonly round: number;
	/** Estimate of what is left of the step, where there is one. */
	readonly remainingSeconds?: number;
}

export interface GenerationHooks {
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: GenerationProgress) => void;
	/** Runs each step, e.g. inside something that measures it. */
	readonly inStep?: Timed;
}

/** Candidates outside the bounds that a result keeps at most. */
export const MAX_OUTSIDE = 200;

/** Further rounds of drawing after the first, to replace what was dropped. */
export const MAX_TOP_UPS = 3;

/**
 * Answers a request: condition → sequences → cells → networks in widths that use the budget → exact counts → drop what
 * breaks a constraint → prediction of the objective, where there is one → objective of the most promising → the best.
 *
 * Duplicates (by network hash) are dropped; what is missing is drawn again in at most three rounds, each of which aims
 * lower or higher if the one before mostly over- or undershot. A request that nothing meets gives an empty list with
 * reason and closest candidate.
 *
 * @throws ArchgenError INVALID_ARGUMENT for a bad request, CANCELLED, or what a dependency throws
 */
export async function generate(
	request: GenerationRequest,
	dependencies: GenerationDependencies,
	hooks: GenerationHooks = {},
): Promise<GenerationResult> {
	return new Generation(resolveRequest(request), dependencies, hooks).run();
}

class Generation {
	readonly #request: ResolvedRequest;
	readonly #dependencies: GenerationDependencies;
	readonly #hooks: GenerationHooks;
	readonly #timings = Object.fromEntries(STEPS.map((step) => [step, 0])) as Record<Step, number>;
	/** Feasible candidates by hash, in the order they were drawn. */
	readonly #feasible = new Map<string, Candidate>();
	#closest: Candidate | null = null;
	/** Those that broke a bound, the first {@link MAX_OUTSIDE} by hash. */
	readonly #outside = new Map<string, Candidate>();
	#dropped: DropCounts = {};
	#drawn = 0;
	#rounds = 0;

	constructor(request: ResolvedRequest, dependencies: GenerationDependencies, hooks: GenerationHooks) {
		this.#request = request;
		this.#dependencies = dependencies;
		this.#hooks = hooks;
	}

	async run(): Promise<GenerationResult> {
		await this.#collect();
		const chosen = this.#choose([...this.#feasible.values()]);
		const scored = await this.#timed("scoring", () => this.#score(chosen));
		const scores = objectivesOf(
			this.#dependencies.scorer,
			scored.map(([, { parts }]) => parts),
		);
		const networks = rank(scored, scores).slice(0, this.#request.topK);
		const closest = this.#feasible.size === 0 && this.#closest ? closestOf(this.#closest) : null;
		const { sequences, synonyms, scorer } = this.#dependencies;
		return {
			networks,
			reason: networks.length > 0 ? null : this.#reason(closest),
			closest,
			outside: [...this.#outside.values()].map(closestOf),
			feasible: this.#feasible.size,
			screened: this.#feasible.size - chosen.length,
			drawn: this.#drawn,
			rounds: this.#rounds,
			dropped: this.#dropped,
			scores,
			quality: qualityOf(scores),
			timings: this.#timings,
			seed: this.#request.seed,
			versions: { sequences: sequences.version, synonyms: synonyms.version, scorer: scorer.version },
		};
	}

	/** Rounds of drawing until there are enough feasible candidates. */
	async #collect(): Promise<void> {
		let aim = 0;
		while (this.#rounds <= MAX_TOP_UPS && this.#feasible.size < this.#request.candidates) {
			const round = this.#rounds++;
			const plan = { round, count: this.#request.candidates - this.#feasible.size, aim };
			const { signal } = this.#hooks;
			const draws = await drawRound(this.#request, plan, this.#dependencies, this.#timed, signal);
			this.#drawn += draws.length;
			const broken: ConstraintName[] = [];
			for (const draw of draws) {
				if ("dropped" in draw) this.#drop(draw.dropped, draw.outside);
				else if (!draw.check.satisfied) broken.push(this.#reject(draw));
				else if (this.#feasible.has(draw.hash)) this.#drop("duplicate");
				else this.#feasible.set(draw.hash, draw);
			}
			aim += aimChange(broken, draws.length);
			this.#report("counting", this.#feasible.size, this.#request.candidates);
		}
	}

	#reject(candidate: Candidate): ConstraintName {
		const worst = candidate.check.violated[0]!;
		this.#drop(`constraint:${worst}`, candidate);
		if (this.#closest === null || candidate.check.excess < this.#closest.check.excess)
			this.#closest = candidate;
		return worst;
	}

	/** The candidates of the best prediction, in the order they were drawn. */
	#choose(candidates: readonly Candidate[]): readonly Candidate[] {
		const { predict } = this.#dependencies;
		if (predict === undefined || candidates.length <= this.#request.scoredCandidates) return candidates;
		const predicted = candidates.map((candidate) => ({ candidate, value: predict(candidate.network) }));
		const best = predicted.sort(
			(a, b) => b.value - a.value || (a.candidate.hash < b.candidate.hash ? -1 : 1),
		);
		const kept = new Set(best.slice(0, this.#request.scoredCandidates).map(({ candidate }) => candidate));
		return candidates.filter((candidate) => kept.has(candidate));
	}

	async #score(candidates: readonly Candidate[]): Promise<[Candidate, NetworkScores][]> {
		const { signal } = this.#hooks;
		const { scorer } = this.#dependencies;
		const outcomes: ScoreOutcome[] = [];
		const networks = candidates.map(({ network }) => network);
		scorer.prepare?.(networks);
		const left = new Set(networks);
		const report = () =>
			this.#report("scoring", networks.length - left.size, networks.length, scorer.secondsFor?.([...left]));
		if (networks.length > 0) report();
		for await (const { index, outcome } of scoreAll(scorer, networks, signal)) {
			throwIfAborted(signal);
			outcomes[index] = outcome;
			left.delete(networks[index]!);
			report();
		}
		throwIfAborted(signal);
		return candidates.flatMap((candidate, i): [Candidate, NetworkScores][] => {
			const outcome = outcomes[i]!;
			if (outcome.ok && outcome.parts.every(Number.isFinite)) return [[candidate, outcome]];
			this.#drop(`score:${outcome.ok ? "NON_FINITE" : outcome.reason}`);
			return [];
		});
	}

	#reason(closest: ClosestCandidate | null): string {
		return emptyReason(this.#request, this.#drawn, this.#feasible.size, closest, this.#dropped);
	}

	#drop(reason: string, outside?: Candidate): void {
		if (outside !== undefined && this.#outside.size < MAX_OUTSIDE) this.#outside.set(outside.hash, outside);
		this.#dropped = addDrops(this.#dropped, { [reason]: 1 });
	}

	readonly #timed: Timed = async (step, body) => {
		throwIfAborted(this.#hooks.signal);
		const start = this.#dependencies.now();
		try {
			return await (this.#hooks.inStep?.(step, body) ?? body());
		} finally {
			this.#timings[step] += this.#dependencies.now() - start;
		}
	};

	#report(step: Step, done: number, total: number, remainingSeconds?: number): void {
		const estimate = remainingSeconds !== undefined && { remainingSeconds };
		this.#hooks.onProgress?.({ step, done, total, round: this.#rounds - 1, ...estimate });
	}
}

/** +1 when most draws were too large, −1 when most were too small, else 0. */
function aimChange(broken: readonly ConstraintName[], draws: number): number {
	const over = broken.filter((name) => name.startsWith("max")).length;
	const under = broken.length - over;
	if (over > draws / 2) return 1;
	return under > draws / 2 ? -1 : 0;
}

/** Best objective first; equal scores by fewer parameters, then by hash, so that the order never depends on arrival. */
function rank(scored: readonly [Candidate, NetworkScores][], scores: readonly number[]): RankedNetwork[] {
	const networks = scored.map(([candidate, { parts, values = {} }], i) => {
		const { network, hash, counts, check, origins, provenance } = candidate;
		const score = scores[i]!;
		return { network, hash, counts, margins: check.margins, score, parts, values, origins, provenance };
	});
	return ranked(networks);
}
