import { setImmediate } from "node:timers/promises";
import {
	addDrops,
	type CellGenerator,
	type DropCounts,
	type NetworkScorer,
	type NetworkScores,
	type ScoreOutcome,
} from "@archgen/design";
import { throwIfAborted } from "@archgen/errors";
import { createRandom, type Random, restoreRandom } from "@archgen/random";
import { type Network, networkHash } from "@archgen/search-space";
import { type EvolutionState, type Resume, resumeState } from "./checkpoint.js";
import { type Meter, paretoObjectives } from "./costs.js";
import { designNetwork } from "./design.js";
import { type EvolutionLog, failureDrop, type Launch, launchOf, summarizeLog } from "./log.js";
import {
	type EvolutionOptions,
	optionsFingerprint,
	type ResolvedOptions,
	resolveOptions,
} from "./options.js";
import { requireOwnHistory } from "./own-history.js";
import { ParetoFront } from "./pareto.js";
import type { Member, Survivors } from "./population.js";
import { type EvolutionProgress, progressOf } from "./progress.js";
import { boundsCheck, type Candidate, propose } from "./proposer.js";
import type { EvolutionRecord } from "./record.js";
import type { SearchView } from "./strategies.js";

/** What a search stands on. */
export interface EvolutionDependencies {
	readonly cells: CellGenerator;
	readonly scorer: Pick<NetworkScorer, "score">;
	/** What a network promises without being scored, for comparison with others of the search; evolution of cells chooses among children by it. */
	readonly predict?: (network: Network) => number;
	/** Measures that limits and costs are about; needed by those of latency and memory. */
	readonly meter?: Meter;
}

/** What a caller may watch. A hook that returns a promise is awaited: write a record durably before the next one. */
export interface EvolutionHooks {
	readonly signal?: AbortSignal;
	/** Every launch, before its evaluation begins. */
	readonly onLaunch?: (launch: Launch) => void | Promise<void>;
	/** Every launch that gave no score. */
	readonly onFailure?: (launch: Launch, reason: string) => void | Promise<void>;
	/** Every new record, in order. */
	readonly onRecord?: (record: EvolutionRecord) => void | Promise<void>;
	/** After every record, once that record has been handed out. */
	readonly checkpoint?: (state: EvolutionState) => void | Promise<void>;
	/** After every record and every dropped proposal. */
	readonly onProgress?: (progress: EvolutionProgress) => void;
}

export interface EvolutionResult {
	/** Highest score of a feasible design; null when there is none. */
	readonly best: EvolutionRecord | null;
	/** All records, those of the resumed history included. */
	readonly history: readonly EvolutionRecord[];
	readonly dropped: DropCounts;
	/** `stalled`: `maxConsecutiveDrops` proposals in a row gave nothing to score; `dropped` says why. */
	readonly stopped: "finished" | "stalled";
}

/**
 * Runs a search to its number of evaluations, or continues one.
 *
 * With parallelism 1 the history is a function of options and dependencies alone, and a run that is cancelled or dies at
 * any point and is resumed gives the same history. With more in flight, records come in order of completion; the
 * evaluations in flight when it ended are proposed anew, none is recorded twice. A network that is known already is never evaluated
 * again: the history holds its answer, the proposal is dropped as `duplicate`.
 *
 * @throws ArchgenError INVALID_ARGUMENT for bad options or a foreign history, CANCELLED, or what a dependency throws
 */
export async function runEvolution(
	options: EvolutionOptions,
	dependencies: EvolutionDependencies,
	hooks: EvolutionHooks = {},
	resume: EvolutionStart = { history: [] },
): Promise<EvolutionResult> {
	const run = new EvolutionRun(options, dependencies, hooks, resume);
	try {
		await run.advance(options.evaluations);
		return run.result();
	} finally {
		await run.close();
	}
}

/** What a run continues from: a history, perhaps with a checkpoint, or a log of launches and outcomes. */
export type EvolutionStart = Resume | EvolutionLog;

interface Landing {
	readonly candidate: Candidate;
	readonly launch: Launch;
	readonly outcome: { readonly evaluation: ScoreOutcome } | { readonly error: unknown };
}

/**
 * A search that goes forward step by step; between steps its evaluations stay in flight. As `runEvolution`, which runs one
 * from start to end. A run that was given a log remembers failed evaluations: their networks count as known.
 */
export class EvolutionRun {
	readonly #options: ResolvedOptions;
	readonly #dependencies: EvolutionDependencies;
	readonly #hooks: EvolutionHooks;
	readonly #random: Random;
	readonly #population: Survivors;
	readonly #front = new ParetoFront<Member>();
	readonly #history: EvolutionRecord[] = [];
	/** Hashes of everything evaluated or in flight. */
	readonly #known = new Set<string>();
	readonly #inFlight = new Map<number, Promise<Landing>>();
	readonly #abort = new AbortController();
	readonly #signal: AbortSignal;
	readonly #fresh: EvolutionState;
	readonly #remembersFailures: boolean;
	/** Launches of an earlier run that still wait for an outcome. */
	#open: readonly Launch[];
	#best: EvolutionRecord | null = null;
	#proposals: number;
	#dropped: DropCounts;
	/** Drops before the next launch: they are proposed again when the run dies now. */
	#droppedSinceLaunch: DropCounts = {};
	#droppedSinceRecord: DropCounts;
	#consecutiveDrops: number;

	/** @throws ArchgenError INVALID_ARGUMENT as `runEvolution` */
	constructor(
		options: EvolutionOptions,
		dependencies: EvolutionDependencies,
		hooks: EvolutionHooks = {},
		start: EvolutionStart = { history: [] },
	) {
		const resolved = resolveOptions(options);
		requireOwnHistory(start.history, resolved);
		this.#options = resolved;
		this.#dependencies = dependencies;
		this.#hooks = hooks;
		this.#signal = hooks.signal ? AbortSignal.any([hooks.signal, this.#abort.signal]) : this.#abort.signal;
		this.#fresh = {
			formatVersion: 1,
			fingerprint: optionsFingerprint(resolved),
			random: createRandom(resolved.seed).state(),
			proposals: 0,
			records: 0,
			dropped: {},
		};
		this.#random = restoreRandom(this.#fresh.random);
		this.#population = resolved.strategy.survivors(resolved.populationSize);
		const log = "open" in start ? start : undefined;
		const { proposals, dropped, droppedSinceRecord } =
			log === undefined ? { ...resumeState(this.#fresh, start), droppedSinceRecord: {} } : summarizeLog(log);
		this.#proposals = proposals;
		this.#dropped = dropped;
		this.#droppedSinceRecord = droppedSinceRecord;
		this.#consecutiveDrops = Object.values(droppedSinceRecord).reduce((sum, count) => sum + count, 0);
		this.#remembersFailures = log !== undefined;
		this.#open = log?.open ?? [];
		for (const { hash } of log?.failed ?? []) this.#known.add(hash);
		for (const record of start.history) this.#adopt(record);
	}

	/**
	 * Goes on until the history has a number of records, or nothing is left to do.
	 *
	 * @returns true when the search is over
	 */
	async advance(records: number): Promise<boolean> {
		for (const launch of this.#open) {
			const { dropped: _, ...candidate } = launch;
			const network = designNetwork(launch.design, this.#options.target);
			this.#launch({ ...candidate, network }, launch);
		}
		this.#open = [];
		while (!this.#done() && this.#history.length < records) {
			await this.#fill(this.#signal);
			if (this.#inFlight.size > 0) await this.#land(await Promise.race(this.#inFlight.values()));
		}
		return this.#done();
	}

	/** How far the search is. */
	progress(): EvolutionProgress {
		return progressOf({
			evaluated: this.#history.length,
			evaluations: this.#options.evaluations,
			inFlight: this.#inFlight.size,
			phase: this.#view().phase,
			best: this.#best,
			members: this.#population.members,
			front: this.#front.points.map(({ index }) => index),
			dropped: this.#dropped,
		});
	}

	/** What was found so far. */
	result(): EvolutionResult {
		const stopped = this.#history.length < this.#options.evaluations ? "stalled" : "finished";
		return { best: this.#best, history: this.#history, dropped: this.#dropped, stopped };
	}

	/** Ends evaluations in flight; the run cannot go on. */
	async close(): Promise<void> {
		this.#abort.abort();
		await Promise.all(this.#inFlight.values());
	}

	/** Proposes until enough evaluations are in flight. */
	async #fill(signal: AbortSignal): Promise<void> {
		const { evaluations, strategy } = this.#options;
		while (!this.#stalled() && this.#history.length + this.#inFlight.size < evaluations) {
			// Nothing can be bred before the start has a score.
			const noParent = strategy.needsStart && this.#history.length === 0;
			if (this.#inFlight.size >= (noParent ? 1 : this.#options.parallelism)) return;
			// Lets timers and other requests run, so that a cancellation arrives even if everything here is synchronous.
			await setImmediate();
			throwIfAborted(signal);
			await this.#proposeOne(signal);
		}
	}

	async #proposeOne(signal: AbortSignal): Promise<void> {
		const proposal = this.#proposals++;
		const random = this.#random.fork(`proposal/${proposal}`);
		const result = await propose(proposal, this.#view(), this.#options, this.#dependencies, random, signal);
		if ("dropped" in result) this.#drop(result.dropped);
		else if (this.#known.has(result.hash)) this.#drop("duplicate");
		else {
			const launch = launchOf(result, this.#droppedSinceLaunch);
			this.#droppedSinceRecord = addDrops(this.#droppedSinceRecord, launch.dropped);
			this.#droppedSinceLaunch = {};
			await this.#hooks.onLaunch?.(launch);
			this.#launch(result, launch);
		}
	}

	#launch(candidate: Candidate, launch: Launch): void {
		this.#known.add(candidate.hash);
		// Never rejects, so a failure cannot go unhandled while nothing waits for it.
		const landing = this.#dependencies.scorer.score(candidate.network, this.#signal).then(
			(evaluation): Landing => ({ candidate, launch, outcome: { evaluation } }),
			(error: unknown): Landing => ({ candidate, launch, outcome: { error } }),
		);
		this.#inFlight.set(candidate.proposal, landing);
	}

	async #land({ candidate, launch, outcome }: Landing): Promise<void> {
		this.#inFlight.delete(candidate.proposal);
		if ("error" in outcome) {
			throwIfAborted(this.#signal);
			throw outcome.error;
		}
		const { evaluation } = outcome;
		if (evaluation.ok && Number.isFinite(evaluation.parts[0])) return this.#record(candidate, evaluation);
		const reason = evaluation.ok ? "NON_FINITE_SCORE" : evaluation.reason;
		// Without a log nothing would answer for it after a restart.
		if (!this.#remembersFailures) this.#known.delete(candidate.hash);
		await this.#hooks.onFailure?.(launch, reason);
		this.#countDrop(failureDrop(reason));
		this.#droppedSinceRecord = addDrops(this.#droppedSinceRecord, { [failureDrop(reason)]: 1 });
		this.#report();
	}

	async #record(candidate: Candidate, { parts: [score], values = {} }: NetworkScores): Promise<void> {
		const { network: _, ...rest } = candidate;
		const { naswot, snip_ssnr: snipSsnr } = values;
		const record: EvolutionRecord = {
			index: this.#history.length,
			...rest,
			target: this.#options.target,
			score: score!,
			...(isNumber(naswot) && { naswot }),
			...(isNumber(snipSsnr) && { snipSsnr }),
			dropped: this.#droppedSinceRecord,
		};
		this.#droppedSinceRecord = {};
		this.#consecutiveDrops = 0;
		this.#adopt(record);
		await this.#hooks.onRecord?.(record);
		await this.#hooks.checkpoint?.(this.#state());
		this.#report();
	}

	#adopt(record: EvolutionRecord): void {
		this.#history.push(record);
		this.#known.add(record.hash);
		const { index, score, excess = 0 } = record;
		const member = { index, score, objectives: paretoObjectives(record, this.#options.costs), excess };
		this.#population.insert(member);
		this.#front.add(member);
		if (excess > 0) return;
		if (this.#best === null || record.score > this.#best.score) this.#best = record;
	}

	#drop(reason: string): void {
		this.#countDrop(reason);
		this.#droppedSinceLaunch = addDrops(this.#droppedSinceLaunch, { [reason]: 1 });
		this.#report();
	}

	#countDrop(reason: string): void {
		this.#consecutiveDrops++;
		this.#dropped = addDrops(this.#dropped, { [reason]: 1 });
	}

	#done(): boolean {
		if (this.#history.length >= this.#options.evaluations) return true;
		return this.#stalled() && this.#inFlight.size === 0;
	}

	#stalled(): boolean {
		return this.#consecutiveDrops >= this.#options.maxConsecutiveDrops;
	}

	#view(): SearchView {
		const begun = this.#history.length + this.#inFlight.size;
		const { evaluations, strategy, target, clusters, startCluster } = this.#options;
		const { meter, predict } = this.#dependencies;
		return {
			members: this.#population.members,
			designOf: (index) => this.#history[index]!.design,
			isWithinBounds: boundsCheck(this.#options, meter),
			isKnown: (design) => this.#known.has(networkHash(designNetwork(design, target))),
			...(predict && { predict: (design) => predict(designNetwork(design, target)) }),
			begun,
			phase: begun < evaluations * strategy.explorationShare ? "exploration" : "exploitation",
			target,
			clusters,
			startCluster,
		};
	}

	#state(): EvolutionState {
		const { length: records } = this.#history;
		return { ...this.#fresh, proposals: this.#proposals, records, dropped: this.#dropped };
	}

	#report(): void {
		this.#hooks.onProgress?.(this.progress());
	}
}

function isNumber(value: number | undefined): value is number {
	return value !== undefined && Number.isFinite(value);
}
