import type { Condition, Constraints } from "@archgen/design";
import type { CellJson } from "@archgen/search-space";

/** The model of a generator thread. */
export interface GeneratorStart {
	/** The Hugging Face folder. */
	readonly folder: string;
	/** The cell that each cell token is counted with; null where none is known. */
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

/** A request to the generator thread; the first one loads the model. */
export type GeneratorRequest =
	| { readonly kind: "load"; readonly start: GeneratorStart }
	| { readonly kind: "generate"; readonly task: GenerationTask };
