import {
	type BoundedCounts,
	boundsMemory,
	type CellFailure,
	type ConstraintCheck,
	type Constraints,
	checkConstraints,
	fitDepth,
	isCellFailure,
	type MacroSequence,
	type MacroStage,
	networkOf,
} from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import {
	type Cell,
	missingHalvings,
	type Network,
	networkHash,
	type Target,
	validateNetwork,
} from "@archgen/search-space";
import { fitCells } from "./fit-cells.js";
import { fitWidths, narrowest } from "./fit-widths.js";

/** Where a network comes from; with seed and versions of the result enough to make it again. */
export interface Provenance {
	/** 0 for the first round, then the top-up rounds. */
	readonly round: number;
	/** As the sequence generator wrote it, with the widths of the network. */
	readonly sequence: MacroSequence;
	/** Which draw of cells for that sequence in that round. */
	readonly draw: number;
}

/**
 * Origin of a cell: drawn by the cell generator, the known cell of its kind that stood in because no drawn one kept the bounds, or
 * changed by refinement.
 */
export type CellOrigin = "flow" | "fallback" | "edit";

/** A finished network with its exact counts. */
export interface Candidate {
	readonly network: Network;
	/** `networkHash`. */
	readonly hash: string;
	readonly counts: BoundedCounts;
	readonly check: ConstraintCheck;
	/** Origin of the cell of each stage. */
	readonly origins: readonly CellOrigin[];
	readonly provenance: Provenance;
}

/** Why a network will not do although its counts may, e.g. `constraint:maxLatencyMs`; undefined when it will. */
export type Rejection = (network: Network) => string | undefined;

/** Why there is no network; `outside` is the one that was made and rejected. */
export interface Dropped {
	readonly dropped: string;
	readonly outside?: Candidate;
}

/** What a network is wanted for. */
export interface AssemblyTask {
	readonly target: Target;
	readonly constraints: Constraints;
	/** Further cells of the kind that a stage wants, for networks whose own do not meet the constraints; see `fitCells`. */
	readonly alternatives: (stage: MacroStage) => readonly Cell[];
	readonly reject?: Rejection;
}

/**
 * Puts cells into a sequence, validates, fits widths to the budget and counts; where no widths meet it, cells are replaced by others of
 * their kind. `dropped` says why there is no network.
 */
export function assemble(
	provenance: Provenance,
	cells: readonly (Cell | CellFailure)[],
	task: AssemblyTask,
): Candidate | Dropped {
	const failure = cells.find(isCellFailure);
	if (failure !== undefined) return { dropped: `cells:${failure.reason}` };
	const { sequence } = provenance;
	if (sequence.stages.length === 0) return { dropped: "invalid:NO_STAGES" };
	if (missingHalvings(sequence.stages, task.target) > 0) return { dropped: "invalid:OUTPUT_STRIDE" };
	const drawn = cells as readonly Cell[];
	try {
		validateNetwork(networkOf(sequence, drawn, task.target));
	} catch (error) {
		if (error instanceof ArchgenError) return { dropped: `invalid:${error.reason}` };
		throw error;
	}
	const allowed = fitDepth({ sequence, cells: drawn }, { ...task, maxDepth: task.constraints.maxDepth });
	const { cells: fitted, sequence: wide, counts } = fit(allowed.sequence, allowed.cells, task);
	const network = networkOf(wide, fitted, task.target);
	const candidate = {
		network,
		hash: networkHash(network),
		counts,
		check: checkConstraints(counts, task.constraints),
		origins: fitted.map((cell, i) => originOf(cell, [...drawn, ...task.alternatives(wide.stages[i]!)])),
		provenance: { ...provenance, sequence: wide },
	};
	const rejected = task.reject?.(network);
	return rejected ? { dropped: rejected, outside: candidate } : candidate;
}

/** The drawn cells in widths that use the budget; other cells of their kinds where no widths will do. */
function fit(sequence: MacroSequence, drawn: readonly Cell[], task: AssemblyTask) {
	const { target, constraints } = task;
	const own = fitWidths({ sequence, cells: drawn, target, constraints });
	if (own.satisfied) return { ...own, cells: drawn };
	if (boundsMemory(constraints)) return fitMemory(sequence, drawn, task);
	const { cells } = fitCells({ ...task, sequence, cells: drawn });
	return { ...fitWidths({ sequence, cells, target, constraints }), cells };
}

/**
 * Where memory is bounded, maps are made small early: the stages that stride come first. Cells that do not fit even so are replaced by others of
 * their kinds, which are looked at in the narrowest widths.
 */
function fitMemory(sequence: MacroSequence, drawn: readonly Cell[], task: AssemblyTask) {
	const { target, constraints } = task;
	const strides = sequence.stages.map(({ stride }) => stride).sort((a, b) => b - a);
	const early = {
		...sequence,
		stages: sequence.stages.map((stage, i) => ({ ...stage, stride: strides[i]! })),
	};
	const moved = fitWidths({ sequence: early, cells: drawn, target, constraints });
	if (moved.satisfied) return { ...moved, cells: drawn };
	const { cells } = fitCells({ ...task, sequence: narrowest(early), cells: drawn });
	return { ...fitWidths({ sequence: early, cells, target, constraints }), cells };
}

function originOf({ hash }: Cell, drawn: readonly Cell[]): CellOrigin {
	return drawn.some((cell) => cell.hash === hash) ? "flow" : "fallback";
}
