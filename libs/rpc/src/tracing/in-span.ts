import { type Attributes, context, type SpanOptions, trace } from "@opentelemetry/api";
import { isTracing, markFailed, tracer } from "./tracer.js";

/** What a step tells about itself: numbers and names, no data of callers. */
export type StepAttributes = Attributes;

/** Runs one step of the work in a span of its own, inside that of the call; calls that the step makes are inside it in turn. */
export function inSpan<T>(name: string, body: () => Promise<T>, attributes: StepAttributes = {}): Promise<T> {
	return isTracing() ? measured(name, { attributes }, body) : body();
}

/**
 * Runs one step of long work as a trace of its own, linked to the call that began the work in this process, where one did: a job outlives the
 * call that creates it by hours.
 */
export function inLinkedTrace<T>(
	name: string,
	body: () => Promise<T>,
	attributes: StepAttributes = {},
): Promise<T> {
	if (!isTracing()) return body();
	const beginner = trace.getActiveSpan()?.spanContext();
	const links = beginner === undefined ? [] : [{ context: beginner }];
	return measured(name, { attributes, links, root: true }, body);
}

/** Gives the items of a stream on, and measures the time from the first wish to the last item. */
export async function* inSpanEach<T, R>(
	name: string,
	items: AsyncGenerator<T, R, undefined>,
	attributes: StepAttributes = {},
): AsyncGenerator<T, R, undefined> {
	if (!isTracing()) return yield* items;
	const span = tracer().startSpan(name, { attributes });
	try {
		return yield* items;
	} catch (failure) {
		markFailed(span, messageOf(failure));
		throw failure;
	} finally {
		span.end();
	}
}

async function measured<T>(name: string, options: SpanOptions, body: () => Promise<T>): Promise<T> {
	const span = tracer().startSpan(name, options);
	try {
		return await context.with(trace.setSpan(context.active(), span), body);
	} catch (failure) {
		markFailed(span, messageOf(failure));
		throw failure;
	} finally {
		span.end();
	}
}

function messageOf(failure: unknown): string {
	return failure instanceof Error ? failure.message : String(failure);
}
