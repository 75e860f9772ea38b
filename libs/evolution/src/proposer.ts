import {
	boundedCounter,
	type CellGenerator,
	type Constraints,
	cellCount,
	checkConstraints,
	countBounded,
	fitDepth,
	isCellFailure,
} from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { Random } from "@archgen/random";
import {
	type Cell,
	type Counts,
	missingHalvings,
	NETWORK_LIMITS,
	type Network,
	networkHash,
	type Target,
} from "@archgen/search-space";
import { brokenLimits, type Limits, type Measures, type Meter } from "./costs.js";
import { type DraftDesign, designNetwork, type MacroDesign } from "./design.js";
import type { Mutation } from "./mutations.js";
import type { ResolvedOptions } from "./options.js";
import type { EvolutionRecord } from "./record.js";
import type { SearchView } from "./strategies.js";

/** A design that is worth an evaluation. */
export interface Candidate {
	readonly proposal: number;
	readonly parent: number | null;
	readonly mutations: readonly Mutation[];
	readonly phase: EvolutionRecord["phase"];
	readonly design: MacroDesign;
	readonly network: Network;
	readonly hash: string;
	readonly counts: Counts;
	readonly measures?: Measures;
	readonly excess?: number;
}

/** A proposal that is not, with the reason it is counted under. */
export interface Dropped {
	readonly dropped: string;
}

/** Proposal → draft → cells → exact counts: everything but the evaluation. */
export async function propose(
	proposal: number,
	view: SearchView,
	{ strategy, target, constraints, limits }: ResolvedOptions,
	{ cells, meter }: { readonly cells: CellGenerator; readonly meter?: Meter },
	random: Random,
	signal: AbortSignal,
): Promise<Candidate | Dropped> {
	const draft = await strategy.propose(view, random.fork("draft"));
	if (cellCount(draft.design.stages) > NETWORK_LIMITS.cells.maximum)
		return { dropped: "invalid:TOO_MANY_CELLS" };
	const filled = await fillCells(draft.design, cells, random.fork("cells"), signal);
	if ("dropped" in filled) return filled;
	const { parent, mutations } = draft;
	const phase = strategy.needsStart && parent === null ? "start" : view.phase;
	const identity = { proposal, parent, mutations, phase } as const;
	let first: Assessment | undefined;
	const allowed = shallowEnough(filled, target, constraints);
	for (const design of draft.variants?.(allowed) ?? [allowed]) {
		const assessment = assess(design, target, constraints, limits, meter);
		if (assessment.excess === 0) return candidateOf(identity, assessment);
		first ??= assessment;
	}
	const kept = strategy.keepsInfeasible && first !== undefined && first.excess <= LARGEST_EXCESS;
	return kept ? candidateOf(identity, first!) : { dropped: `constraint:${first?.broken}` };
}

/** A design without the repeats and stages that make it deeper than allowed. */
function shallowEnough(design: MacroDesign, target: Target, { maxDepth }: Constraints): MacroDesign {
	const cells = design.stages.map(({ cell }) => cell);
	return fitDepth({ sequence: design, cells }, { target, maxDepth }).sequence;
}

/** Designs that break bounds by more than this in all are not worth an evaluation: it costs as much as they do. */
const LARGEST_EXCESS = 1;

/** Tells whether designs meet every bound; for designs that have much in common, whose sections are counted once. */
export function boundsCheck(
	{ target, constraints, limits }: Pick<ResolvedOptions, "target" | "constraints" | "limits">,
	meter: Meter | undefined,
): (design: MacroDesign) => boolean {
	const count = boundedCounter(constraints);
	return (design) =>
		cellCount(design.stages) <= NETWORK_LIMITS.cells.maximum &&
		assess(design, target, constraints, limits, meter, count).excess === 0;
}

interface Assessment {
	readonly design: MacroDesign;
	readonly network: Network;
	readonly counts: Counts;
	readonly measures: Measures | undefined;
	/** The bound that is broken most. */
	readonly broken: string | undefined;
	/** 0 when no bound is broken. */
	readonly excess: number;
}

/** A design with all that bounds are about. */
function assess(
	design: MacroDesign,
	target: Target,
	constraints: Constraints,
	limits: Limits,
	meter: Meter | undefined,
	count = (network: Network) => countBounded(network, constraints),
): Assessment {
	const network = designNetwork(design, target);
	const { parameterCount, macCount, flopCount, layerCount, ...memory } = count(network);
	const counts = { parameterCount, macCount, flopCount, layerCount };
	const check = checkConstraints({ ...counts, ...memory }, constraints);
	const measures = meter?.(network);
	const beyond = brokenLimits(measures ?? {}, limits);
	const missing = missingHalvings(design.stages, target);
	const excess = beyond.reduce((sum, [, more]) => sum + more, check.excess + missing);
	const broken = missing > 0 ? "outputStride" : (check.violated[0] ?? beyond[0]?.[0]);
	return { design, network, counts, measures, broken, excess };
}

function candidateOf(
	identity: Pick<Candidate, "proposal" | "parent" | "mutations" | "phase">,
	{ design, network, counts, measures, excess }: Assessment,
): Candidate {
	return {
		...identity,
		design,
		network,
		hash: networkHash(network),
		counts,
		...(measures !== undefined && { measures }),
		...(excess > 0 && { excess }),
	};
}

/** Draws a cell for every stage that waits for one. */
async function fillCells(
	draft: DraftDesign,
	source: CellGenerator,
	random: Random,
	signal: AbortSignal,
): Promise<MacroDesign | Dropped> {
	const requests = draft.stages.flatMap(({ cell, cluster, reference }) =>
		cell === null ? [{ cluster, ...(reference && { reference }) }] : [],
	);
	const draws = requests.length === 0 ? [] : await source.sample(requests, random, { signal });
	if (draws.length !== requests.length) {
		throw new ArchgenError({
			category: "INTERNAL",
			reason: "CELL_SOURCE_CONTRACT",
			message: `The cell source gave ${draws.length} cells for ${requests.length} requests.`,
		});
	}
	const failure = draws.find(isCellFailure);
	if (failure !== undefined) return { dropped: `cells:${failure.reason}` };
	const queue = draws.filter((draw): draw is Cell => !isCellFailure(draw));
	const stages = draft.stages.map(({ reference: _, ...stage }) => ({
		...stage,
		cell: stage.cell ?? queue.shift()!,
	}));
	return { stages, finalChannels: draft.finalChannels };
}
