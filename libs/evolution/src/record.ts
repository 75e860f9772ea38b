import type { DropCounts } from "@archgen/design";
import type { Counts, Target } from "@archgen/search-space";
import type { Measures } from "./costs.js";
import type { MacroDesign } from "./design.js";
import type { Mutation, Phase } from "./mutations.js";

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
