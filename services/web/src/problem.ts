import type { ArchgenError, ErrorCategory } from "@archgen/errors";

/** HTTP status of each category, as google.rpc.Code maps them. */
const HTTP_STATUS: Readonly<Record<ErrorCategory, number>> = {
	INVALID_ARGUMENT: 400,
	NOT_FOUND: 404,
	FAILED_PRECONDITION: 400,
	RESOURCE_EXHAUSTED: 429,
	CANCELLED: 499,
	DEADLINE_EXCEEDED: 504,
	UNAVAILABLE: 503,
	DATA_LOSS: 500,
	INTERNAL: 500,
};

/** An error as JSON problem details (RFC 9457), with all that a gRPC status of ours carries. */
export interface Problem {
	/** `urn:archgen:error:REASON`. */
	readonly type: string;
	/** Category, as gRPC names it. */
	readonly title: string;
	/** HTTP status. */
	readonly status: number;
	/** One sentence for people. */
	readonly detail: string;
	/** Stable cause in UPPER_SNAKE_CASE, as in `google.rpc.ErrorInfo`. */
	readonly reason: string;
	/** Further facts, as in `google.rpc.ErrorInfo`. */
	readonly metadata?: Readonly<Record<string, string>>;
	/** Offending fields, as in `google.rpc.BadRequest`. */
	readonly errors?: readonly ProblemField[];
	/** Milliseconds after which a retry may succeed, as in `google.rpc.RetryInfo`. */
	readonly retryAfterMs?: number;
}

/** One offending field. */
export interface ProblemField {
	/** Path as the proto files name it, e.g. `spec.constraints.max_flop_count`. */
	readonly field: string;
	/** The same as a JSON pointer into the request, e.g. `#/spec/constraints/maxFlopCount`. */
	readonly pointer: string;
	/** What is wrong with it and what would be right. */
	readonly detail: string;
}

/** The problem details of a domain error. */
export function errorToProblem(error: ArchgenError): Problem {
	const { category, reason, message, metadata, violations, retryAfterMs } = error;
	return {
		...problem(HTTP_STATUS[category], category, reason, message),
		...(Object.keys(metadata).length > 0 ? { metadata } : {}),
		...(violations.length > 0
			? {
					errors: violations.map(({ field, description }) => ({
						field,
						pointer: pointerOf(field),
						detail: description,
					})),
				}
			: {}),
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	};
}

/** Problem details without further facts. */
export function problem(status: number, title: string, reason: string, detail: string): Problem {
	return { type: `urn:archgen:error:${reason}`, title, status, detail, reason };
}

/** `spec.items[2].max_flop_count` → `#/spec/items/2/maxFlopCount`. */
function pointerOf(field: string): string {
	const parts = field.replaceAll(/\[([^\]]*)\]/g, ".$1").split(".");
	return `#/${parts.map((part) => part.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())).join("/")}`;
}
