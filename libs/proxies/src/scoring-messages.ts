import type { ErrorMessage } from "@archgen/errors";
import type { ScoreReport, ScoreRequest } from "./score-network.js";

/** What a pool asks a worker process. */
export type ScoringCommand =
	| { readonly kind: "score"; readonly call: number; readonly request: ScoreRequest }
	| { readonly kind: "cancel"; readonly call: number };

/** Said with every reply. */
interface ReplyHead {
	readonly call: number;
	/** Resident memory of the worker after the call. */
	readonly memoryBytes: number;
	/** Processor time that the worker has used so far, in seconds. */
	readonly cpuSeconds: number;
}

export type ScoringReply = ReplyHead &
	(
		| { readonly ok: true; readonly report: ScoreReport }
		| { readonly ok: false; readonly error: ErrorMessage }
	);
