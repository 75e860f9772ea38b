import type {
	BoundedCounts,
	ConstraintCheck,
	ConstraintName,
	DropCounts,
	MacroSequence,
} from "@archgen/design";
import type { Network } from "@archgen/search-space";
import type { Candidate, CellOrigin, Provenance } from "./candidate.js";
import type { ResolvedRequest } from "./request.js";

/** The parts of an answer that take time, in order. */
export const STEPS = ["sequences", "cells", "counting", "scoring", "refining"] as const;
export type Step = (typeof STEPS)[number];

/** One returned network. */
export interface RankedNetwork {
	/** From 1. */
	readonly rank: number;
	readonly network: Network;
	readonly hash: string;
	readonly counts: BoundedCounts;
	/** Slack to every given bound, none negative. */
	readonly margins: ConstraintCheck["margins"];
	/** The objective. */
	readonly score: number;
	/** What the objective is made of. */
	readonly parts: readonly number[];
	/** All scores by proxy. */
	readonly values: Readonly<Record<string, number>>;
	/** Origin of the cell of each stage. */
	readonly origins: readonly CellOrigin[];
	readonly provenance: Provenance | RefinedProvenance;
}

/** Origin of a network that refinement made. */
export interface RefinedProvenance {
	/** The macro sequence that evolution arrived at; clusters are those of the stages it came from. */
	readonly sequence: MacroSequence;
	/** Evaluations that had been made when it was found. */
	readonly evaluation: number;
}

/** Best objective first; equal ones by fewer parameters, then by hash, so that the order never depends on arrival. */
export function ranked(networks: readonly Omit<RankedNetwork, "rank">[]): RankedNetwork[] {
	return [...networks]
		.sort(
			(a, b) =>
				b.score - a.score || a.counts.parameterCount - b.counts.parameterCount || (a.hash < b.hash ? -1 : 1),
		)
		.map((network, i) => ({ ...network, rank: i + 1 }));
}

/** Best objective after a number of evaluations. */
export interface QualityPoint {
	readonly evaluations: number;
	readonly best: number;
}

/** Best objective after 10, 25, 50, 100, 200, 400, … evaluations and after the last, from objectives in order of evaluation. */
export function qualityOf(scores: readonly number[]): QualityPoint[] {
	const points: QualityPoint[] = [];
	let best = -Infinity;
	scores.forEach((score, i) => {
		best = Math.max(best, score);
		const evaluations = i + 1;
		if (isMark(evaluations) || evaluations === scores.length) points.push({ evaluations, best });
	});
	return points;
}

/** 10, then 25 and its doubles. */
function isMark(evaluations: number): boolean {
	return evaluations === 10 || Number.isInteger(Math.log2(evaluations / 25));
}

/** A candidate that did not meet the constraints, e.g. the one that came closest when none did. */
export interface ClosestCandidate {
	readonly network: Network;
	readonly counts: BoundedCounts;
	readonly margins: ConstraintCheck["margins"];
	/** Broken constraints, the worst first. */
	readonly violated: readonly ConstraintName[];
}

export interface GenerationResult {
	/** Best objective first, at most `topK`; empty when nothing met the constraints, which is a result, not an error. */
	readonly networks: readonly RankedNetwork[];
	/** Why `networks` is empty; null when it is not. */
	readonly reason: string | null;
	/** Only when no candidate met the constraints and at least one was made. */
	readonly closest: ClosestCandidate | null;
	/** Distinct candidates that were made and broke a bound, in the order in which they were drawn; the first 200. */
	readonly outside: readonly ClosestCandidate[];
	/** Distinct networks that met every constraint. */
	readonly feasible: number;
	/** Those of them that were not sent to scoring, since others were predicted to be better. */
	readonly screened: number;
	/** Networks that were drawn, in all rounds. */
	readonly drawn: number;
	/** Rounds of drawing, 1 … 4. */
	readonly rounds: number;
	/** What was dropped, by reason: `constraint:NAME`, `duplicate`, `cells:…`, `invalid:…`, `score:…`. */
	readonly dropped: DropCounts;
	/** Objectives of all scored candidates, in the order in which they were drawn. */
	readonly scores: readonly number[];
	/** Best objective by number of evaluations; empty when nothing was scored. */
	readonly quality: readonly QualityPoint[];
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
