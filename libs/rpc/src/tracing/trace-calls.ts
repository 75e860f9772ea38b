import { InterceptingCall, type Interceptor, ListenerBuilder, type Metadata, status } from "@grpc/grpc-js";
import { context, propagation, SpanKind, trace } from "@opentelemetry/api";
import { rpcAttributes } from "./server-span.js";
import { markFailed, tracer } from "./tracer.js";

/** An interceptor of clients: a span for every call, handed on to the server in the metadata (W3C trace context). */
export const traceCalls: Interceptor = (options, nextCall) =>
	new InterceptingCall(nextCall(options), {
		start: (metadata, _listener, next) => {
			const { path } = options.method_definition;
			const span = tracer().startSpan(path.slice(1), {
				kind: SpanKind.CLIENT,
				attributes: rpcAttributes(path),
			});
			propagation.inject(trace.setSpan(context.active(), span), metadata, SETTER);
			const listener = new ListenerBuilder()
				.withOnReceiveStatus((end, pass) => {
					span.setAttribute("rpc.grpc.status_code", end.code);
					if (end.code !== status.OK) markFailed(span, end.details);
					span.end();
					pass(end);
				})
				.build();
			next(metadata, listener);
		},
	});

const SETTER = { set: (metadata: Metadata, key: string, value: string) => metadata.set(key, value) };
