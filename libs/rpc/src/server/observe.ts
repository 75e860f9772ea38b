import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import {
	type Metadata,
	ServerInterceptingCall,
	type ServerInterceptor,
	ServerListenerBuilder,
	status,
} from "@grpc/grpc-js";
import type { Logger } from "../logger.js";
import { statusToError } from "../status/decode.js";
import { openServerSpan, type ServerSpan } from "../tracing/server-span.js";
import { isLate, REQUEST_ID_KEY } from "./call-context.js";

/** How a call ended. */
export interface CallReport {
	/** Path of the method, e.g. `/archgen.gvae.v1.GvaeService/DecodeLatents`. */
	readonly method: string;
	readonly code: status;
	/** Stable reason of a failure; empty for OK. */
	readonly reason: string;
	/** Message of a failure; empty for OK. */
	readonly message: string;
	/** The caller's identifier of the request, or one that was made up. */
	readonly requestId: string;
	/** Identifier of the trace that the call belongs to; empty where nobody traces. */
	readonly traceId: string;
	readonly durationMs: number;
}

/** Told when a call begins; returns who is told how it ended. */
export type CallObserver = (method: string) => (report: CallReport) => void;

type PartialStatus = Parameters<ServerInterceptingCall["sendStatus"]>[0];

/**
 * An interceptor that tells how every call ends, also those that are refused before a handler sees them, cancelled or late. A call without an
 * identifier gets one, which the handler finds in its metadata.
 */
export function observeCalls(observe: CallObserver): ServerInterceptor {
	return ({ path }, call) => {
		const [start, end] = [performance.now(), observe(path)];
		let requestId = "";
		let span: ServerSpan | undefined;
		let over = false;
		const finish = ({ code, details, metadata }: PartialStatus) => {
			if (over) return;
			over = true;
			const failure = code === status.OK ? undefined : statusToError({ code, details, metadata });
			span?.end({ code, reason: failure?.reason ?? "", requestId });
			end({
				method: path,
				code,
				reason: failure?.reason ?? "",
				message: details,
				requestId,
				traceId: span?.traceId ?? "",
				durationMs: performance.now() - start,
			});
		};
		const listener = new ServerListenerBuilder()
			.withOnReceiveMetadata((metadata, next) => {
				requestId = String(metadata.get(REQUEST_ID_KEY)[0] ?? randomUUID());
				metadata.set(REQUEST_ID_KEY, requestId);
				span = openServerSpan(path, headersOf(metadata));
				SPANS.set(metadata, span);
				next(metadata);
			})
			.withOnReceiveMessage((message: { requestId?: unknown } | null, next) => {
				if (typeof message?.requestId === "string" && message.requestId !== "") {
					requestId = message.requestId.slice(0, MAX_LOGGED);
				}
				next(message);
			})
			.withOnCancel(() => {
				finish(isLate(call.getDeadline()) ? LATE : CANCELLED);
			})
			.build();
		return new ServerInterceptingCall(call, {
			start: (next) => next(listener),
			sendStatus: (sent, next) => {
				finish(sent);
				next(sent);
			},
		});
	};
}

/** Spans of calls in progress, by the metadata that the handler sees. */
const SPANS = new WeakMap<Metadata, ServerSpan>();

/** Runs what answers a call inside the span of the call. */
export function inCallSpan<T>(metadata: Metadata, body: () => T): T {
	const span = SPANS.get(metadata);
	return span === undefined ? body() : span.run(body);
}

function headersOf(metadata: Metadata) {
	return {
		get: (key: string) => metadata.get(key)[0]?.toString(),
		keys: () => Object.keys(metadata.getMap()),
	};
}

/** Longest identifier that is written to the log. */
const MAX_LOGGED = 128;

const CANCELLED: PartialStatus = { code: status.CANCELLED, details: "The caller cancelled the call." };
const LATE: PartialStatus = { code: status.DEADLINE_EXCEEDED, details: "The deadline of the call passed." };

/** The gRPC code of a name such as `UNAVAILABLE`; UNKNOWN for others. */
export function statusNamed(name: string): status {
	return (status as unknown as Record<string, status | undefined>)[name] ?? status.UNKNOWN;
}

/** Codes that say something about the service rather than about one request. */
const WARNINGS: ReadonlySet<status> = new Set([
	status.RESOURCE_EXHAUSTED,
	status.UNAVAILABLE,
	status.DEADLINE_EXCEEDED,
	status.DATA_LOSS,
	status.UNAUTHENTICATED,
	status.PERMISSION_DENIED,
]);

/** Writes a line for every call that did not end well; of those that did, only when all is written. */
export function logCall(
	logger: Logger,
	{ code, reason, message, durationMs, traceId, ...call }: CallReport,
): void {
	const line = { ...call, ...(traceId && { traceId }), code: status[code], ms: Math.round(durationMs) };
	if (code === status.OK) logger.debug(line, "call done");
	else if (WARNINGS.has(code)) logger.warn({ ...line, reason, problem: message }, "call failed");
	else logger.info({ ...line, reason, problem: message }, "call failed");
}
