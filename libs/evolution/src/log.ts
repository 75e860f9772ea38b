import { addDrops, type DropCounts } from "@archgen/design";
import type { Counts } from "@archgen/search-space";
import type { Measures } from "./costs.js";
import type { MacroDesign } from "./design.js";
import type { Mutation } from "./mutations.js";
import type { Candidate } from "./proposer.js";
import type { EvolutionRecord } from "./record.js";

/** A proposal whose evaluation began: all that is needed to evaluate it again. */
export interface Launch {
	readonly proposal: number;
	readonly parent: number | null;
	readonly mutations: readonly Mutation[];
	readonly phase: EvolutionRecord["phase"];
	readonly design: MacroDesign;
	readonly hash: string;
	readonly counts: Counts;
	readonly measures?: Measures;
	readonly excess?: number;
	/** Proposals dropped between the launch before and this one. */
	readonly dropped: DropCounts;
}

/** A launch that gave no score. */
export interface FailedLaunch {
	readonly proposal: number;
	readonly hash: string;
	/** Stable cause. */
	readonly reason: string;
}

/**
 * What is known of a run that writes down every launch before it evaluates and every outcome after it. From this a run
 * continues exactly: nothing that was launched is lost, nothing is evaluated again that has an outcome.
 */
export interface EvolutionLog {
	/** Launches that gave a score, in the order in which they came back. */
	readonly history: readonly EvolutionRecord[];
	readonly failed: readonly FailedLaunch[];
	/** Launches without an outcome, in the order of their proposals. */
	readonly open: readonly Launch[];
	/** Sum of `dropped` over all launches. */
	readonly dropped: DropCounts;
}

/** The launch of a candidate. */
export function launchOf({ network: _, ...candidate }: Candidate, dropped: DropCounts): Launch {
	return { ...candidate, dropped };
}

/** How a failed evaluation is counted. */
export function failureDrop(reason: string): string {
	return `evaluation:${reason}`;
}

/** Where a run stands after a log. */
export interface LogSummary {
	/** Number of the next proposal. */
	readonly proposals: number;
	/** Everything dropped so far. */
	readonly dropped: DropCounts;
	/** The part of it that no record tells of yet. */
	readonly droppedSinceRecord: DropCounts;
}

/** Adds up a log. */
export function summarizeLog({ history, failed, open, dropped }: EvolutionLog): LogSummary {
	const numbers = [...history, ...failed, ...open].map(({ proposal }) => proposal);
	const all = failed.reduce<DropCounts>(
		(sum, { reason }) => addDrops(sum, { [failureDrop(reason)]: 1 }),
		dropped,
	);
	const told = history.reduce<DropCounts>((sum, record) => addDrops(sum, record.dropped), {});
	return {
		proposals: numbers.reduce((next, proposal) => Math.max(next, proposal + 1), 0),
		dropped: all,
		droppedSinceRecord: withoutZeros(
			Object.entries(all).map(([reason, count]) => [reason, count - (told[reason] ?? 0)]),
		),
	};
}

function withoutZeros(entries: readonly (readonly [string, number])[]): DropCounts {
	return Object.fromEntries(entries.filter(([, count]) => count > 0));
}
