import type { Counts } from "@archgen/search-space";
import type { Measures } from "./costs.js";
import type { MacroDesign } from "./design.js";
import type { Target } from "./macro-network.js";
import type { Mutation, Phase } from "./mutations.js";

/** Dropped proposals by reason: `duplicate`, `constraint:NAME`, `invalid:…`, `cells:…`, `evaluation:…`. */
export type DropCounts = Readonly<Record<string, number>>;

/** One evaluated design of a history. */
export interface EvolutionRecord {
	/** Position in the history, from 0, in order of completion. */
	readonly index: number;
	/** Number of the proposal that it came from; proposals between two records were dropped. */
	readonly proposal: number;
	/** Index of the parent's record; null for starting and random designs. */
	readonly parent: number | null;
	readonly mutations: readonly Mutation[];
	readonly phase: "start" | Phase;
	readonly target: Target;
	readonly design: MacroDesign;
	/** `networkHash` of the design's network. */
	readonly hash: string;
	readonly counts: Counts;
	/** What else is known of its price. */
	readonly measures?: Measures;
	/** By how much constraints are broken, in parts of the bounds; only with Pareto mode, absent for feasible designs. */
	readonly excess?: number;
	/** The objective, higher is better. */
	readonly score: number;
	readonly naswot?: number;
	readonly snipSsnr?: number;
	/** What was dropped since the previous record. */
	readonly dropped: DropCounts;
}

/** Field by field sum, in the order of the names: equal counts have equal text. */
export function addDrops(a: DropCounts, b: DropCounts): DropCounts {
	const sum: Record<string, number> = { ...a };
	for (const [reason, count] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + count;
	return Object.fromEntries(Object.entries(sum).sort(([x], [y]) => (x < y ? -1 : 1)));
}
