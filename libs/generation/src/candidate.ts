import { ArchgenError } from "@archgen/errors";
import {
	type CellFailure,
	type ConstraintCheck,
	type Constraints,
	checkConstraints,
	isCellFailure,
	macroNetwork,
	type Target,
} from "@archgen/evolution";
import {
	type Cell,
	type Counts,
	countNetwork,
	type Network,
	networkHash,
	validateNetwork,
} from "@archgen/search-space";
import type { MacroSequence } from "./sources.js";

/** Where a network comes from; with seed and versions of the result enough to make it again. */
export interface Provenance {
	/** 0 for the first round, then the top-up rounds. */
	readonly round: number;
	readonly sequence: MacroSequence;
	/** Which draw of cells for that sequence in that round. */
	readonly draw: number;
}

/** A finished network with its exact counts. */
export interface Candidate {
	readonly network: Network;
	/** `networkHash`. */
	readonly hash: string;
	readonly counts: Counts;
	readonly check: ConstraintCheck;
	readonly provenance: Provenance;
}

/** Why a network will not do although its counts may, e.g. `constraint:maxLatencyMs`; undefined when it will. */
export type Rejection = (network: Network) => string | undefined;

/** Puts cells into a sequence, validates and counts; `dropped` says why there is no network. */
export function assemble(
	provenance: Provenance,
	cells: readonly (Cell | CellFailure)[],
	target: Target,
	constraints: Constraints,
	reject?: Rejection,
): Candidate | { readonly dropped: string } {
	const failure = cells.find(isCellFailure);
	if (failure !== undefined) return { dropped: `cells:${failure.reason}` };
	const { stages, finalChannels } = provenance.sequence;
	const filled = stages.map((stage, i) => ({ ...stage, cell: cells[i] as Cell }));
	if (filled.length === 0) return { dropped: "invalid:NO_STAGES" };
	const network = macroNetwork(filled, finalChannels, target);
	try {
		validateNetwork(network);
	} catch (error) {
		if (error instanceof ArchgenError) return { dropped: `invalid:${error.reason}` };
		throw error;
	}
	const rejected = reject?.(network);
	if (rejected) return { dropped: rejected };
	const counts = countNetwork(network);
	return {
		network,
		hash: networkHash(network),
		counts,
		check: checkConstraints(counts, constraints),
		provenance,
	};
}
