/** Canonical categories, named as the gRPC status codes they become at a service's edge. */
export type ErrorCategory =
	| "INVALID_ARGUMENT"
	| "NOT_FOUND"
	| "FAILED_PRECONDITION"
	| "RESOURCE_EXHAUSTED"
	| "CANCELLED"
	| "DEADLINE_EXCEEDED"
	| "UNAVAILABLE"
	| "DATA_LOSS"
	| "INTERNAL";

/** One offending field of a request, addressed as the user wrote it (`constraints.max_flop_count`). */
export interface FieldViolation {
	readonly field: string;
	readonly description: string;
}

export interface ArchgenErrorDetails {
	readonly category: ErrorCategory;
	/** Stable machine-readable cause in UPPER_SNAKE_CASE, e.g. `CELL_NOT_CONNECTED`. */
	readonly reason: string;
	/** What went wrong and what to do next, in one sentence. */
	readonly message: string;
	readonly violations?: readonly FieldViolation[];
	/** Further facts for machines; values are strings as in `google.rpc.ErrorInfo`. */
	readonly metadata?: Readonly<Record<string, string>>;
	/** Milliseconds after which a retry may succeed; only with `RESOURCE_EXHAUSTED` and `UNAVAILABLE`. */
	readonly retryAfterMs?: number;
	readonly cause?: unknown;
}

/** The one error type of the domain. Everything else that is thrown counts as a defect and is reported as INTERNAL. */
export class ArchgenError extends Error implements ArchgenErrorDetails {
	override readonly name = "ArchgenError";
	readonly category: ErrorCategory;
	readonly reason: string;
	readonly violations: readonly FieldViolation[];
	readonly metadata: Readonly<Record<string, string>>;
	readonly retryAfterMs?: number;

	constructor(details: ArchgenErrorDetails) {
		super(details.message, { cause: details.cause });
		this.category = details.category;
		this.reason = details.reason;
		this.violations = details.violations ?? [];
		this.metadata = details.metadata ?? {};
		this.retryAfterMs = details.retryAfterMs;
	}
}

/**
 * An INVALID_ARGUMENT error about one field.
 *
 * @param field path of the field as the user wrote it
 * @param description what is wrong with it and what would be right
 * @param reason stable cause, `INVALID_FIELD` unless given
 */
export function invalidArgument(field: string, description: string, reason = "INVALID_FIELD"): ArchgenError {
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason,
		message: `${field}: ${description}`,
		violations: [{ field, description }],
	});
}

/** Throws CANCELLED when the signal has fired; call it in every loop that can run longer than 50 ms. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
	if (signal?.aborted) {
		throw new ArchgenError({
			category: "CANCELLED",
			reason: "CANCELLED",
			message: "The operation was cancelled before it finished.",
			cause: signal.reason,
		});
	}
}
