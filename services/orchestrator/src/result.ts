import type {
	CellOrigin,
	ClosestCandidate,
	GenerationProgress,
	GenerationResult,
	RankedNetwork,
	Step,
} from "@archgen/generation";
import { peakActivationBytes } from "@archgen/latency";
import { orchestrator } from "@archgen/rpc";
import { countsToMessage, marginsToMessages, networkToMessage, sequenceToMessage } from "@archgen/wire";
import type { LatencyPredictor } from "./latency.js";

const { GenerationStep: Wire } = orchestrator;

const STEP: Readonly<Record<Step, orchestrator.GenerationStep>> = {
	sequences: Wire.GENERATION_STEP_SEQUENCES,
	cells: Wire.GENERATION_STEP_CELLS,
	counting: Wire.GENERATION_STEP_COUNTING,
	scoring: Wire.GENERATION_STEP_SCORING,
	refining: Wire.GENERATION_STEP_REFINING,
};

const PART: Readonly<Record<CellOrigin, orchestrator.CellPart>> = {
	flow: orchestrator.CellPart.CELL_PART_FLOW,
	fallback: orchestrator.CellPart.CELL_PART_FALLBACK,
	edit: orchestrator.CellPart.CELL_PART_EDIT,
};

/** The message of a generation's progress. */
export function progressToMessage(
	{ step, done, total, remainingSeconds }: GenerationProgress,
	elapsedMs: number,
): orchestrator.GenerationProgress {
	return { step: STEP[step], done, total, elapsedSeconds: elapsedMs / 1000, remainingSeconds };
}

/** What an answer has beside networks and counts. */
export interface Extras {
	/** False when nothing was scored. */
	readonly scored: boolean;
	readonly latency?: LatencyPredictor["predict"] | undefined;
	/** Candidates outside the bounds that are shown. */
	readonly outside: number;
}

/** The message of a generation's result; scores are left out when nothing was scored. */
export function resultToMessage(
	result: GenerationResult,
	provenance: orchestrator.Provenance,
	extras: Extras,
): orchestrator.GenerationResult {
	return {
		networks: result.networks.map((network) => rankedToMessage(network, extras)),
		closest: result.closest === null ? undefined : closestToMessage(result.closest, extras),
		reason: result.reason ?? "",
		generatedCount: result.drawn,
		feasibleCount: result.feasible,
		dropped: Object.entries(result.dropped).map(([reason, count]) => ({ reason, count: count ?? 0 })),
		timings: Object.entries(result.timings)
			.filter(([step, ms]) => step !== "refining" || ms > 0)
			.map(([step, ms]) => ({ step: STEP[step as Step], elapsedSeconds: ms / 1000 })),
		provenance,
		warnings: warningsOf(result),
		quality: extras.scored
			? result.quality.map(({ evaluations, best }) => ({ evaluationCount: evaluations, best }))
			: [],
		outside: result.outside.slice(0, extras.outside).map((candidate) => closestToMessage(candidate, extras)),
	};
}

/** Candidates within every bound that have no score, so that the ranking is one of the others. */
export function unscoredCount({ dropped }: Pick<GenerationResult, "dropped">): number {
	return unscored(dropped).reduce((sum, [, count]) => sum + count, 0);
}

function unscored(dropped: GenerationResult["dropped"]): [string, number][] {
	return Object.entries(dropped).flatMap(([reason, count = 0]): [string, number][] =>
		reason.startsWith("score:") ? [[reason.slice("score:".length), count]] : [],
	);
}

function warningsOf(result: GenerationResult): string[] {
	const count = unscoredCount(result);
	if (count === 0 || result.networks.length === 0) return [];
	const why = unscored(result.dropped).map(([reason, share]) => `${reason} ${share}`);
	return [
		`${count} of ${result.feasible} networks within the bounds could not be scored (${why.join(", ")}); the ranking is that of the others.`,
	];
}

function rankedToMessage(ranked: RankedNetwork, { scored, latency }: Extras): orchestrator.GeneratedNetwork {
	return {
		network: networkToMessage(ranked.network),
		counts: countsToMessage(ranked.counts),
		margins: marginsToMessages(ranked.margins),
		scores: scored ? ranked.values : {},
		parts: ranked.origins.map((origin) => PART[origin]),
		objectiveValue: scored ? ranked.score : undefined,
		sequence: sequenceToMessage(ranked.provenance.sequence),
		latency: latency?.(ranked.network),
		peakActivationBytes: BigInt(peakActivationBytes(ranked.network)),
	};
}

function closestToMessage(
	{ network, counts, margins }: ClosestCandidate,
	{ latency }: Extras,
): orchestrator.ClosestCandidate {
	return {
		network: networkToMessage(network),
		counts: countsToMessage(counts),
		margins: marginsToMessages(margins),
		latency: latency?.(network),
		peakActivationBytes: BigInt(peakActivationBytes(network)),
	};
}
