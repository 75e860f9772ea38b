import type { ServerOptions } from "@grpc/grpc-js";

/** Limits of a server. */
export interface ServerLimits {
	/** Largest message that is accepted, in bytes. */
	readonly maxReceiveBytes: number;
	/** Largest message that is sent, in bytes. */
	readonly maxSendBytes: number;
	/** Calls that compute at once; more are refused with RESOURCE_EXHAUSTED. Health, reflection and waiting calls are not counted. */
	readonly maxConcurrentCalls: number;
	/** Calls that only wait, such as a watch or an idle stream, open at once; more are refused with RESOURCE_EXHAUSTED. */
	readonly maxWaitingCalls: number;
	/** Delay after which refused callers are told to retry, in milliseconds. */
	readonly retryAfterMs: number;
	/** Connections open at once; further ones are closed as soon as they are made. */
	readonly maxConnections: number;
	/** Calls open at once on one connection; a client queues further ones by itself. */
	readonly maxCallsPerConnection: number;
	/** Bytes of requests that have begun and not arrived completely, in all; what goes beyond is refused with RESOURCE_EXHAUSTED. */
	readonly maxUnfinishedBytes: number;
	/** Time that a request has to arrive completely, in milliseconds. */
	readonly requestTimeoutMs: number;
	/** Time after which a stream on which neither side says anything is ended, in milliseconds. */
	readonly maxStreamIdleMs: number;
	/** Time after which a connection without calls is closed, in milliseconds. */
	readonly maxConnectionIdleMs: number;
	/** Interval of pings that find dead connections, in milliseconds. */
	readonly keepaliveMs: number;
	/**
	 * Age at which a connection is asked to close so that callers spread over new instances, in milliseconds. A call in progress then does not
	 * outlive the next ping: the age is much longer than calls are.
	 */
	readonly maxConnectionAgeMs: number;
	/**
	 * Time that calls on such a connection may still take, in milliseconds; they are never cut unless given. Streams are then
	 * ended by the server in time, with UNAVAILABLE `STREAM_MOVED` and the position to go on from.
	 */
	readonly maxConnectionAgeGraceMs?: number | undefined;
	/** Time that calls may still take after `stop`, in milliseconds. */
	readonly drainMs: number;
}

/** What holds where nothing else is configured. */
export const DEFAULT_LIMITS: ServerLimits = {
	maxReceiveBytes: 4 * 2 ** 20,
	maxSendBytes: 4 * 2 ** 20,
	maxConcurrentCalls: 64,
	maxWaitingCalls: 1024,
	retryAfterMs: 500,
	maxConnections: 1024,
	maxCallsPerConnection: 256,
	maxUnfinishedBytes: 128 * 2 ** 20,
	requestTimeoutMs: 30_000,
	maxStreamIdleMs: 600_000,
	maxConnectionIdleMs: 300_000,
	keepaliveMs: 60_000,
	// grpc-js drops a connection that either side pings after it was asked to close, with every call on it (connection-age.test.ts).
	maxConnectionAgeMs: 86_400_000,
	drainMs: 10_000,
};

/** The options under which grpc-js knows these limits. */
export function serverOptions(limits: ServerLimits): ServerOptions {
	const { maxConnectionAgeGraceMs: graceMs } = limits;
	return {
		"grpc.max_receive_message_length": limits.maxReceiveBytes,
		"grpc.max_send_message_length": limits.maxSendBytes,
		"grpc.max_concurrent_streams": limits.maxCallsPerConnection,
		"grpc.max_connection_idle_ms": limits.maxConnectionIdleMs,
		"grpc.keepalive_time_ms": limits.keepaliveMs,
		"grpc.max_connection_age_ms": limits.maxConnectionAgeMs,
		...(graceMs === undefined ? {} : { "grpc.max_connection_age_grace_ms": graceMs }),
	};
}

/** Share of the grace after which a stream is ended by the server's word rather than cut. */
const STREAM_SHARE = 0.8;

/** Time that a stream may take before the server ends it, in milliseconds; undefined when connections are never cut. */
export function streamLifeMs({ maxConnectionAgeGraceMs }: ServerLimits): number | undefined {
	return maxConnectionAgeGraceMs === undefined ? undefined : STREAM_SHARE * maxConnectionAgeGraceMs;
}
