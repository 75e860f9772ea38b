import { status } from "@grpc/grpc-js";
import { type Context, context, propagation, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { isTracing, markFailed, tracer } from "./tracer.js";

/** Where the headers of a call are read from. */
export interface Headers {
	get(key: string): string | undefined;
	keys(): string[];
}

/** How a call ended, for its span. */
export interface SpanEnd {
	readonly code: status;
	/** Stable reason of a failure; empty for OK. */
	readonly reason: string;
	readonly requestId: string;
}

/** The span of a call that is answered here. */
export interface ServerSpan {
	/** Identifier of the trace, also where only the caller traces; empty where nobody does. */
	readonly traceId: string;
	/** Runs what answers the call inside its span. */
	run<T>(body: () => T): T;
	end(how: SpanEnd): void;
}

/** Probes ask every few seconds and tell nothing about the work. */
const UNTRACED = /^\/grpc\.(health|reflection)\./;

/** Failures that are the server's; the others are the caller's and normal. */
const OWN_FAILURES: ReadonlySet<status> = new Set([
	status.UNKNOWN,
	status.DEADLINE_EXCEEDED,
	status.UNIMPLEMENTED,
	status.INTERNAL,
	status.UNAVAILABLE,
	status.DATA_LOSS,
]);

/**
 * Begins the span of a call, as a child of the caller's where its headers carry one (W3C trace context).
 *
 * @param path of the method, e.g. `/archgen.gvae.v1.GvaeService/DecodeLatents`
 */
export function openServerSpan(path: string, headers: Headers): ServerSpan {
	if (!isTracing() || UNTRACED.test(path)) return untraced(headers.get("traceparent"));
	const parent = propagation.extract(ROOT_CONTEXT, headers, GETTER);
	const span = tracer().startSpan(
		path.slice(1),
		{ kind: SpanKind.SERVER, attributes: rpcAttributes(path) },
		parent,
	);
	const inside: Context = trace.setSpan(parent, span);
	return {
		traceId: span.spanContext().traceId,
		run: (body) => context.with(inside, body),
		end: ({ code, reason, requestId }) => {
			span.setAttributes({ "rpc.grpc.status_code": code, "archgen.request_id": requestId });
			if (reason !== "") span.setAttribute("archgen.reason", reason);
			if (OWN_FAILURES.has(code)) markFailed(span, reason);
			span.end();
		},
	};
}

/** What every span of a call carries, named as OpenTelemetry's conventions for RPCs do. */
export function rpcAttributes(path: string) {
	const [, service = "", method = ""] = path.split("/");
	return { "rpc.system": "grpc", "rpc.service": service, "rpc.method": method };
}

function untraced(traceparent: string | undefined): ServerSpan {
	const traceId = /^[\da-f]{2}-([\da-f]{32})-/.exec(traceparent ?? "")?.[1] ?? "";
	return { traceId, run: (body) => body(), end: () => {} };
}

const GETTER = {
	get: (headers: Headers, key: string) => headers.get(key),
	keys: (headers: Headers) => headers.keys(),
};
