import type { Condition, Constraints, MacroSequence } from "@archgen/design";
import type { ErrorMessage } from "@archgen/errors";
import type { CellJson } from "@archgen/search-space";

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

/** The call number of the reply that says whether the thread has started. */
export const START_CALL = -1;
