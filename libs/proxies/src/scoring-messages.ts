import type { ErrorCategory, FieldViolation } from "@archgen/errors";
import type { ScoreReport, ScoreRequest } from "./score-network.js";

/** What a pool asks a worker process. */
export type ScoringCommand =
	| { readonly kind: "score"; readonly call: number; readonly request: ScoreRequest }
	| { readonly kind: "cancel"; readonly call: number };

/** Fields of an ArchgenError that survive the way between processes. */
export interface ErrorMessage {
	readonly category: ErrorCategory;
	readonly reason: string;
	readonly message: string;
	readonly violations: readonly FieldViolation[];
}

export type ScoringReply =
	/** `memoryBytes` is the worker's resident memory after the call. */
	| { readonly call: number; readonly memoryBytes: number; readonly ok: true; readonly report: ScoreReport }
	| { readonly call: number; readonly memoryBytes: number; readonly ok: false; readonly error: ErrorMessage };
