import type { ConstraintCheck, ConstraintName, DropCounts } from "@archgen/evolution";
import type { Counts, Network } from "@archgen/search-space";
import type { Candidate, Provenance } from "./candidate.js";
import type { ResolvedRequest } from "./request.js";

/** The parts of an answer that take time, in order. */
export const STEPS = ["sequences", "cells", "counting", "scoring"] as const;
export type Step = (typeof STEPS)[number];

/** One returned network. */
export interface RankedNetwork {
	/** From 1. */
	readonly rank: number;
	readonly network: Network;
	readonly hash: string;
	readonly counts: Counts;
	/** Slack to every given bound, none negative. */
	readonly margins: ConstraintCheck["margins"];
	readonly tcet: number;
	readonly others: Readonly<Record<string, number>>;
	readonly provenance: Provenance;
}

/** The candidate that came closest to the constraints when none met them. */
export interface ClosestCandidate {
	readonly network: Network;
	readonly counts: Counts;
	readonly margins: ConstraintCheck["margins"];
	/** Broken constraints, the worst first. */
	readonly violated: readonly ConstraintName[];
}

export interface GenerationResult {
	/** Best T-CET first, at most `topK`; empty when nothing met the constraints, which is a result, not an error. */
	readonly networks: readonly RankedNetwork[];
	/** Why `networks` is empty; null when it is not. */
	readonly reason: string | null;
	/** Only when no candidate met the constraints and at least one was made. */
	readonly closest: ClosestCandidate | null;
	/** Distinct networks that met every constraint and were sent to scoring. */
	readonly feasible: number;
	/** Networks that were drawn, in all rounds. */
	readonly drawn: number;
	/** Rounds of drawing, 1 … 4. */
	readonly rounds: number;
	/** What was dropped, by reason: `constraint:NAME`, `duplicate`, `cells:…`, `invalid:…`, `score:…`. */
	readonly dropped: DropCounts;
	/** Milliseconds by step, all rounds together. */
	readonly timings: Readonly<Record<Step, number>>;
	readonly seed: number;
	readonly versions: { readonly sequences: string; readonly synonyms: string; readonly scorer: string };
}

/** The reduced form of a candidate that broke a constraint. */
export function closestOf({ network, counts, check }: Candidate): ClosestCandidate {
	return { network, counts, margins: check.margins, violated: check.violated };
}

/** One sentence that says why there is nothing to return. */
export function emptyReason(
	{ constraints }: ResolvedRequest,
	drawn: number,
	feasible: number,
	closest: ClosestCandidate | null,
	dropped: DropCounts,
): string {
	if (drawn === 0) return "The sequence generator proposed nothing for this request.";
	const reasons = Object.entries(dropped)
		.sort(([, a], [, b]) => b - a)
		.map(([reason, count]) => `${reason} ${count}`)
		.join(", ");
	if (feasible > 0)
		return `None of the ${feasible} networks within the constraints could be scored (${reasons}).`;
	if (closest === null) return `None of the ${drawn} drawn candidates became a network (${reasons}).`;
	const [name] = closest.violated;
	const { limit, value, relative } = closest.margins[name!]!;
	const off = `${(Math.abs(relative) * 100).toFixed(1)} % ${name!.startsWith("max") ? "above" : "below"}`;
	const bounds = Object.keys(constraints).length === 1 ? "the constraint" : "every constraint";
	return `None of the ${drawn} drawn candidates met ${bounds}; the closest has ${value}, ${off} ${name} ${limit}.`;
}
