import { addDrops, type DropCounts } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { RandomState } from "@archgen/random";
import { z } from "zod";
import type { EvolutionRecord } from "./record.js";

/**
 * Where a run stands, beside its history; plain JSON. The population follows from the history, and every proposal draws
 * from a stream of its own that is forked from `random` by its number, so this is all there is.
 */
export interface EvolutionState {
	readonly formatVersion: 1;
	/** `optionsFingerprint` of the run. */
	readonly fingerprint: string;
	/** Root of all streams. */
	readonly random: RandomState;
	/** Number of the next proposal. */
	readonly proposals: number;
	/** Length of the history when this was taken. */
	readonly records: number;
	/** Everything dropped so far. */
	readonly dropped: DropCounts;
}

const stateSchema = z.strictObject({
	formatVersion: z.literal(1),
	fingerprint: z.string(),
	random: z.strictObject({ key: z.string(), generator: z.array(z.number()) }),
	proposals: z.int().nonnegative(),
	records: z.int().nonnegative(),
	dropped: z.record(z.string(), z.int().nonnegative()),
});

/** What to continue from: the history as far as it was kept, and the last checkpoint if there is one. */
export interface Resume {
	readonly history: readonly EvolutionRecord[];
	readonly state?: EvolutionState;
}

/** Reads a checkpoint. Throws INVALID_ARGUMENT, reason `CHECKPOINT_INVALID`, naming the field. */
export function parseState(json: unknown): EvolutionState {
	const result = stateSchema.safeParse(json);
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	throw resumeError("CHECKPOINT_INVALID", `state.${issue!.path.map(String).join(".")}`, issue!.message);
}

/**
 * The state to continue from. The history wins over an older checkpoint: a crash between writing a record and its
 * checkpoint loses nothing. Without any checkpoint the history is enough.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason RESUME_MISMATCH, when history or checkpoint belong to another job
 */
export function resumeState(fresh: EvolutionState, { history, state }: Resume): EvolutionState {
	if (state !== undefined) checkBelongs(fresh, state, history.length);
	if (state !== undefined && state.records === history.length) return state;
	const proposals = history.reduce((next, { proposal }) => Math.max(next, proposal + 1), 0);
	const dropped = history.reduce<DropCounts>((sum, record) => addDrops(sum, record.dropped), {});
	return { ...fresh, proposals, records: history.length, dropped };
}

function checkBelongs(fresh: EvolutionState, state: EvolutionState, records: number): void {
	if (state.fingerprint !== fresh.fingerprint || state.random.key !== fresh.random.key) {
		const description = "was written by a job with other options; resume with the options it started with";
		throw resumeError("RESUME_MISMATCH", "state.fingerprint", description);
	}
	if (state.records > records) {
		const description = `speaks of ${state.records} records but the history has ${records}; restore the whole history`;
		throw resumeError("RESUME_MISMATCH", "state.records", description);
	}
}

function resumeError(reason: string, field: string, description: string): ArchgenError {
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason,
		message: `${field} ${description}`,
		violations: [{ field, description }],
	});
}
