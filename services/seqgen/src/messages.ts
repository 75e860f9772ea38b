import { ArchgenError, type ErrorCategory, type FieldViolation } from "@archgen/errors";
import type { Constraints } from "@archgen/evolution";
import type { CellJson } from "@archgen/search-space";
import type { Condition, MacroSequence } from "@archgen/seqgen";

/** What the generator thread is started with. */
export interface GeneratorStart {
	/** The Hugging Face folder. */
	readonly folder: string;
	/** The cheapest known cell of each cluster. */
	readonly cells: readonly (CellJson | null)[];
	readonly threads: number;
}

/** Sequences wanted from the generator thread. */
export interface GenerationTask {
	readonly condition: Condition;
	readonly constraints: Constraints;
	readonly count: number;
	/** 0 decodes greedily. */
	readonly temperature: number;
	readonly seed: bigint;
}

/** What the generator thread is told. */
export type GeneratorCommand =
	| { readonly kind: "generate"; readonly call: number; readonly task: GenerationTask }
	| { readonly kind: "cancel"; readonly call: number };

/** What the generator thread answers; call −1 is the start itself. */
export type GeneratorReply =
	| { readonly call: number; readonly ok: true; readonly sequences: readonly MacroSequence[] }
	| { readonly call: number; readonly ok: false; readonly error: ErrorMessage };

/** An error in a form that survives the way between threads. */
export interface ErrorMessage {
	readonly category: ErrorCategory;
	readonly reason: string;
	readonly message: string;
	readonly violations: readonly FieldViolation[];
	readonly metadata: Readonly<Record<string, string>>;
}

/** The call number of the reply that says whether the thread has started. */
export const START_CALL = -1;

/** The message of anything that was thrown; the text of unexpected errors is kept, the service's boundary drops it. */
export function errorToMessage(error: unknown): ErrorMessage {
	if (error instanceof ArchgenError) {
		const { category, reason, message, violations, metadata } = error;
		return { category, reason, message, violations: [...violations], metadata: { ...metadata } };
	}
	const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return { category: "INTERNAL", reason: "UNEXPECTED", message, violations: [], metadata: {} };
}

/** The error of a message: a domain error, or a plain one for what was unexpected. */
export function messageToError(message: ErrorMessage): Error {
	return message.reason === "UNEXPECTED" ? new Error(message.message) : new ArchgenError(message);
}
