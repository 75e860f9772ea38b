import type { Condition, MacroSequence } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { type Random, shuffled } from "@archgen/random";
import type { NetworkTask } from "./site-costs.js";

/** The part of an HL-Evo history record that training reads (one line of a history file). */
export interface HistoryEntry {
	readonly design: MacroSequence;
	readonly counts: { readonly parameterCount: number; readonly flopCount: number };
	/** T-CET, larger is better; comparable within one history only. */
	readonly score: number;
	readonly naswot?: number;
	readonly snipSsnr?: number;
	readonly depth?: number;
	readonly peakActivationBytesInt8?: number;
}

/** A sequence to learn, what it is the answer to, and how often it is drawn. */
export interface SequenceExample {
	readonly condition: Condition;
	readonly sequence: MacroSequence;
	/** Relative frequency in training, > 0. */
	readonly weight: number;
}

/** Share of a history that is worth imitating, unless the caller says otherwise. */
export const DEFAULT_KEEP = 0.5;

function bareSequence({ stages, finalChannels }: MacroSequence): MacroSequence {
	return {
		stages: stages.map(({ cluster, channels, stride, repeats }) => ({ cluster, channels, stride, repeats })),
		finalChannels,
	};
}

function isUsable({ score, counts }: HistoryEntry): boolean {
	return Number.isFinite(score) && counts.parameterCount > 0 && counts.flopCount > 0;
}

/** A statistic that can stand in a condition: positive and finite. */
function statistic(value: number | undefined): number | undefined {
	return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

/**
 * Examples from one history: ranks its records by score, keeps the better part, and weighs what is kept linearly by rank
 * (2 for the best down to almost 0 for the last one kept). All records of a history answer one budget, so a rank means
 * "good for this budget"; scores of different histories are never compared. Of equal sequences the best-scored stays.
 *
 * @param task what the history's networks were for
 * @param keep share of the records to keep, default {@link DEFAULT_KEEP}
 */
export function examplesFromHistory(
	history: readonly HistoryEntry[],
	task: NetworkTask,
	keep = DEFAULT_KEEP,
): SequenceExample[] {
	if (!(keep > 0 && keep <= 1)) throw invalidArgument("keep", "must lie in (0, 1]");
	const ranked = history.filter(isUsable).sort((a, b) => b.score - a.score);
	const unique = new Map<string, HistoryEntry>();
	for (const entry of ranked) {
		const key = JSON.stringify(bareSequence(entry.design));
		if (!unique.has(key)) unique.set(key, entry);
	}
	const kept = [...unique.values()].slice(0, Math.ceil(keep * unique.size));
	return kept.map((entry, rank) => ({
		condition: conditionOf(entry, task),
		sequence: bareSequence(entry.design),
		weight: rankWeight(rank, kept.length),
	}));
}

/** Weight of a rank, from 0, among those kept: linear from 2 for the best down to almost 0 for the last. */
export function rankWeight(rank: number, kept: number): number {
	return 2 * (1 - (rank + 0.5) / kept);
}

function conditionOf(entry: HistoryEntry, task: NetworkTask): Condition {
	const { counts, naswot, snipSsnr, depth, peakActivationBytesInt8 } = entry;
	return {
		classes: task.classes,
		inputSize: task.inputSize,
		parameterCount: counts.parameterCount,
		flopCount: counts.flopCount,
		naswot: statistic(naswot),
		snipSsnr: statistic(snipSsnr),
		depth,
		peakActivationBytesInt8,
	};
}

/** What is trained on, and what is held out. */
export interface SequenceSplit {
	readonly training: readonly SequenceExample[];
	readonly validation: readonly SequenceExample[];
}

/**
 * Two disjoint parts; `fraction` of the examples, at least one, go to validation. Histories are not held out whole: each search ends at cells
 * and widths of its own, so that the loss on a search never seen rises from the first steps on, while the networks get better.
 */
export function splitExamples(
	examples: readonly SequenceExample[],
	fraction: number,
	random: Random,
): SequenceSplit {
	if (examples.length < 2) throw invalidArgument("examples", "at least two are needed to train and validate");
	const count = Math.min(examples.length - 1, Math.max(1, Math.round(fraction * examples.length)));
	const order = shuffled(random, examples);
	return { training: order.slice(count), validation: order.slice(0, count) };
}
