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
import { type CallContext, openContext, type SurfaceCall } from "./call-context.js";
import type { ConcurrencyLimit } from "./concurrency.js";

/** What every adapted method of a server shares. */
export interface AdapterOptions {
	readonly logger: Logger;
	readonly limit: ConcurrencyLimit;
	/** Fires when the server gives up draining, with the error that running calls fail with. */
	readonly leaving: AbortSignal;
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
	return adaptSingleResponse(handler as Promised, method.requestStream, options);
}

function adaptSingleResponse(handler: Promised, requestStream: boolean, options: AdapterOptions) {
	return (
		call: ServerUnaryCall<unknown, unknown> | ServerReadableStream<unknown, unknown>,
		callback: sendUnaryData<unknown>,
	): void => {
		void runCall(call, options, async (context) => {
			const reply = await handler(requestOf(call, requestStream, context), context);
			return () => callback(null, reply);
		}).then(
			(send) => send(),
			(status) => callback(status),
		);
	};
}

function adaptResponseStream(handler: Iterated, requestStream: boolean, options: AdapterOptions) {
	return (call: ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>): void => {
		void runCall(call, options, async (context) => {
			await writeMessages(call, handler(requestOf(call, requestStream, context), context), context.signal);
			return () => call.end();
		}).then(
			(send) => send(),
			(status) => call.emit("error", status),
		);
	};
}

function requestOf(call: SurfaceCall, requestStream: boolean, context: CallContext): unknown {
	return requestStream
		? readMessages(call as ServerReadableStream<unknown, unknown>, context.signal)
		: (call as ServerUnaryCall<unknown, unknown>).request;
}

/** Runs a handler inside the concurrency limit and the error boundary; rejects with the status to send. */
async function runCall<T>(
	call: SurfaceCall,
	{ logger, limit, leaving }: AdapterOptions,
	body: (context: CallContext) => Promise<T>,
): Promise<T> {
	const context = openContext(call, logger, leaving);
	let leave = () => {};
	try {
		context.signal.throwIfAborted();
		leave = limit.enter();
		return await body(context);
	} catch (failure) {
		throw failureToStatus(failure, context);
	} finally {
		leave();
		context.dispose();
	}
}
