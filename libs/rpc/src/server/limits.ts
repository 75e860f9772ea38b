import type { ServerOptions } from "@grpc/grpc-js";

/** Limits of a server. */
export interface ServerLimits {
	/** Largest message that is accepted, in bytes. */
	readonly maxReceiveBytes: number;
	/** Largest message that is sent, in bytes. */
	readonly maxSendBytes: number;
	/** Calls worked on at once, health and reflection not counted; more are refused with RESOURCE_EXHAUSTED. */
	readonly maxConcurrentCalls: number;
	/** Delay after which refused callers are told to retry, in milliseconds. */
	readonly retryAfterMs: number;
	/** Age at which a connection is closed so that callers spread over new instances, in milliseconds. */
	readonly maxConnectionAgeMs: number;
	/** Time that calls on such a connection may still take, in milliseconds. */
	readonly maxConnectionAgeGraceMs: number;
	/** Time that calls may still take after `stop`, in milliseconds. */
	readonly drainMs: number;
}

/** What holds where nothing else is configured. */
export const DEFAULT_LIMITS: ServerLimits = {
	maxReceiveBytes: 4 * 2 ** 20,
	maxSendBytes: 4 * 2 ** 20,
	maxConcurrentCalls: 64,
	retryAfterMs: 500,
	maxConnectionAgeMs: 60_000,
	maxConnectionAgeGraceMs: 600_000,
	drainMs: 10_000,
};

/** The options under which grpc-js knows these limits. */
export function serverOptions(limits: ServerLimits): ServerOptions {
	return {
		"grpc.max_receive_message_length": limits.maxReceiveBytes,
		"grpc.max_send_message_length": limits.maxSendBytes,
		"grpc.max_connection_age_ms": limits.maxConnectionAgeMs,
		"grpc.max_connection_age_grace_ms": limits.maxConnectionAgeGraceMs,
	};
}
