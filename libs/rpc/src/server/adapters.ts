import type {
	ServerDuplexStream,
	ServerReadableStream,
	ServerUnaryCall,
	ServerWritableStream,
	sendUnaryData,
	UntypedHandleCall,
} from "@grpc/grpc-js";
import type { Logger } from "../logger.js";
import type { MethodDefinition } from "../service-definition.js";
import { readMessages, writeMessages } from "../streams.js";
import { failureToStatus } from "./boundary.js";
import { type CallContext, type OpenContext, openContext, type SurfaceCall } from "./call-context.js";
import { requireCleanRequest } from "./clean-request.js";
import type { ConcurrencyLimit } from "./concurrency.js";
import { inCallSpan } from "./observe.js";
import { IdleTimer, streamIdle } from "./stream-life.js";

/** What every adapted method of a server shares. */
export interface AdapterOptions {
	readonly logger: Logger;
	readonly limit: ConcurrencyLimit;
	/** Fires when the server gives up draining, with the error that running calls fail with. */
	readonly leaving: AbortSignal;
	/** Time after which a stream is ended in favour of another connection, in milliseconds; never unless given. */
	readonly lifeMs?: number | undefined;
	/** Time after which a stream of requests on which nobody says anything is ended, in milliseconds. */
	readonly idleMs: number;
}

type Promised = (request: unknown, context: CallContext) => Promise<unknown>;
type Iterated = (request: unknown, context: CallContext) => AsyncIterable<unknown>;

/** Turns a promise or async-iterator handler into the callback form that grpc-js registers. */
export function adaptMethod(
	method: MethodDefinition<unknown, unknown>,
	handler: unknown,
	options: AdapterOptions,
): UntypedHandleCall {
	if (method.responseStream) {
		return adaptResponseStream(handler as Iterated, method.requestStream, options);
	}
	return adaptSingleResponse(handler as Promised, method.requestStream, { ...options, lifeMs: undefined });
}

function adaptSingleResponse(handler: Promised, requestStream: boolean, options: AdapterOptions) {
	return (
		call: ServerUnaryCall<unknown, unknown> | ServerReadableStream<unknown, unknown>,
		callback: sendUnaryData<unknown>,
	): void => {
		void inCallSpan(call.metadata, () =>
			runCall(call, options, async (context, idle) => {
				const reply = await handler(requestOf(call, requestStream, context, idle), context);
				return () => callback(null, reply);
			}),
		).then(
			(send) => send(),
			(status) => callback(status),
		);
	};
}

function adaptResponseStream(handler: Iterated, requestStream: boolean, options: AdapterOptions) {
	return (call: ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>): void => {
		void inCallSpan(call.metadata, () =>
			runCall(call, options, async (context, idle) => {
				const replies = handler(requestOf(call, requestStream, context, idle), context);
				await writeMessages(call, requestStream ? touching(replies, idle) : replies, context.signal);
				return () => call.end();
			}),
		).then(
			(send) => send(),
			(status) => call.emit("error", status),
		);
	};
}

/** The request, or the requests, each checked for what holds for all of them. */
function requestOf(call: SurfaceCall, stream: boolean, context: CallContext, idle: IdleTimer): unknown {
	if (stream) return cleanRequests(call as ServerReadableStream<unknown, unknown>, context, idle);
	const { request } = call as ServerUnaryCall<unknown, unknown>;
	requireCleanRequest(request);
	return request;
}

async function* cleanRequests(
	call: ServerReadableStream<unknown, unknown>,
	{ signal }: CallContext,
	idle: IdleTimer,
): AsyncGenerator<unknown, void, undefined> {
	idle.touch();
	for await (const request of readMessages(call, signal)) {
		idle.touch();
		requireCleanRequest(request);
		yield request;
	}
	// The caller has said all that it has to say; answers may take their time.
	idle.stop();
}

async function* touching<T>(items: AsyncIterable<T>, idle: IdleTimer): AsyncGenerator<T, void, undefined> {
	for await (const item of items) {
		yield item;
		idle.touch();
	}
}

/** Runs a handler inside the concurrency limit and the error boundary; rejects with the status to send. */
async function runCall<T>(
	call: SurfaceCall,
	{ logger, limit, leaving, lifeMs, idleMs }: AdapterOptions,
	body: (context: OpenContext, idle: IdleTimer) => Promise<T>,
): Promise<T> {
	const context = openContext(call, logger, { leaving, lifeMs });
	const idle = new IdleTimer(idleMs, () => context.end(streamIdle(idleMs)));
	let leave = () => {};
	try {
		context.signal.throwIfAborted();
		leave = limit.enter();
		return await body(context, idle);
	} catch (failure) {
		throw failureToStatus(failure, context);
	} finally {
		leave();
		idle.stop();
		context.dispose();
	}
}
