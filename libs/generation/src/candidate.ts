import {
	type CellFailure,
	type ConstraintCheck,
	type Constraints,
	checkConstraints,
	isCellFailure,
	type MacroSequence,
	networkOf,
} from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import {
	type Cell,
	type Counts,
	type Network,
	networkHash,
	type Target,
	validateNetwork,
} from "@archgen/search-space";
import { fitCells } from "./fit-cells.js";

/** Where a network comes from; with seed and versions of the result enough to make it again. */
export interface Provenance {
	/** 0 for the first round, then the top-up rounds. */
	readonly round: number;
	readonly sequence: MacroSequence;
	/** Which draw of cells for that sequence in that round. */
	readonly draw: number;
}

/**
 * Origin of a cell: drawn by the cell generator, the known cell of its cluster that stood in because no drawn one kept the bounds, or
 * changed by refinement.
 */
export type CellOrigin = "flow" | "fallback" | "edit";

/** A finished network with its exact counts. */
export interface Candidate {
	readonly network: Network;
	/** `networkHash`. */
	readonly hash: string;
	readonly counts: Counts;
	readonly check: ConstraintCheck;
	/** Origin of the cell of each stage. */
	readonly origins: readonly CellOrigin[];
	readonly provenance: Provenance;
}

/** Why a network will not do although its counts may, e.g. `constraint:maxLatencyMs`; undefined when it will. */
export type Rejection = (network: Network) => string | undefined;

/** What a network is wanted for. */
export interface AssemblyTask {
	readonly target: Target;
	readonly constraints: Constraints;
	/** Further cells of a cluster, for networks whose own do not meet the constraints; see `fitCells`. */
	readonly alternatives: (cluster: number) => readonly Cell[];
	readonly reject?: Rejection;
}

/**
 * Puts cells into a sequence, validates and counts; cells that break a constraint give way to others of their cluster where that
 * helps. `dropped` says why there is no network.
 */
export function assemble(
	provenance: Provenance,
	cells: readonly (Cell | CellFailure)[],
	task: AssemblyTask,
): Candidate | { readonly dropped: string } {
	const failure = cells.find(isCellFailure);
	if (failure !== undefined) return { dropped: `cells:${failure.reason}` };
	const { sequence } = provenance;
	if (sequence.stages.length === 0) return { dropped: "invalid:NO_STAGES" };
	const drawn = cells as readonly Cell[];
	try {
		validateNetwork(networkOf(sequence, drawn, task.target));
	} catch (error) {
		if (error instanceof ArchgenError) return { dropped: `invalid:${error.reason}` };
		throw error;
	}
	const { cells: fitted, counts } = fitCells({ ...task, sequence, cells: drawn });
	const network = networkOf(sequence, fitted, task.target);
	const rejected = task.reject?.(network);
	if (rejected) return { dropped: rejected };
	return {
		network,
		hash: networkHash(network),
		counts,
		check: checkConstraints(counts, task.constraints),
		origins: fitted.map((cell, i) =>
			originOf(cell, [drawn[i]!, ...task.alternatives(sequence.stages[i]!.cluster)]),
		),
		provenance,
	};
}

function originOf({ hash }: Cell, drawn: readonly Cell[]): CellOrigin {
	return drawn.some((cell) => cell.hash === hash) ? "flow" : "fallback";
}
