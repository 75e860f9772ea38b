import { type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";

let active = false;

/** Says that spans are recorded from now on, or no longer. */
export function setTracing(on: boolean): void {
	active = on;
}

/** True while spans are recorded; where it is false nothing is measured, sent or passed on. */
export function isTracing(): boolean {
	return active;
}

/** Maker of the spans of archgen. */
export function tracer(): Tracer {
	return trace.getTracer("archgen");
}

/** Marks a span as failed. */
export function markFailed(span: Span, message: string): void {
	span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Identifiers of the span in progress for a line of the log; empty where there is none. */
export function traceFields(): { readonly traceId?: string; readonly spanId?: string } {
	if (!active) return {};
	const { traceId, spanId } = trace.getActiveSpan()?.spanContext() ?? {};
	return traceId === undefined ? {} : { traceId, spanId: spanId! };
}
