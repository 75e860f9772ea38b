import { ArchgenError } from "@archgen/errors";
import type { Random } from "@archgen/random";
import {
	type Cell,
	type Counts,
	countNetwork,
	NETWORK_LIMITS,
	type Network,
	networkHash,
} from "@archgen/search-space";
import { type ConstraintCheck, checkConstraints } from "./constraints.js";
import { type DraftDesign, designNetwork, type MacroDesign } from "./design.js";
import { type CellSource, isCellFailure } from "./interfaces.js";
import { cellCount } from "./macro-network.js";
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
}

/** A proposal that is not, with the reason it is counted under. */
export interface Dropped {
	readonly dropped: string;
}

/** Proposal → draft → cells → exact counts: everything but the evaluation. */
export async function propose(
	proposal: number,
	view: SearchView,
	{ strategy, target, constraints }: ResolvedOptions,
	cells: CellSource,
	random: Random,
	signal: AbortSignal,
): Promise<Candidate | Dropped> {
	const draft = strategy.propose(view, random.fork("draft"));
	if (cellCount(draft.design.stages) > NETWORK_LIMITS.cells.maximum)
		return { dropped: "invalid:TOO_MANY_CELLS" };
	const filled = await fillCells(draft.design, cells, random.fork("cells"), signal);
	if ("dropped" in filled) return filled;
	let first: ConstraintCheck | undefined;
	for (const design of draft.variants?.(filled) ?? [filled]) {
		const network = designNetwork(design, target);
		const counts = countNetwork(network);
		const check = checkConstraints(counts, constraints);
		first ??= check;
		if (!check.satisfied) continue;
		const { parent, mutations } = draft;
		const phase = strategy.needsStart && parent === null ? "start" : view.phase;
		return { proposal, parent, mutations, phase, design, network, hash: networkHash(network), counts };
	}
	return { dropped: `constraint:${first?.violated[0]}` };
}

/** Draws a cell for every stage that waits for one. */
async function fillCells(
	draft: DraftDesign,
	source: CellSource,
	random: Random,
	signal: AbortSignal,
): Promise<MacroDesign | Dropped> {
	const clusters = draft.stages.flatMap(({ cell, cluster }) => (cell === null ? [cluster] : []));
	const draws = clusters.length === 0 ? [] : await source.sample(clusters, random, signal);
	if (draws.length !== clusters.length) {
		throw new ArchgenError({
			category: "INTERNAL",
			reason: "CELL_SOURCE_CONTRACT",
			message: `The cell source gave ${draws.length} cells for ${clusters.length} clusters.`,
		});
	}
	const failure = draws.find(isCellFailure);
	if (failure !== undefined) return { dropped: `cells:${failure.reason}` };
	const queue = draws.filter((draw): draw is Cell => !isCellFailure(draw));
	const stages = draft.stages.map((stage) => ({ ...stage, cell: stage.cell ?? queue.shift()! }));
	return { stages, finalChannels: draft.finalChannels };
}
