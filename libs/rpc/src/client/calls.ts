import { ArchgenError } from "@archgen/errors";
import type { Client, Metadata } from "@grpc/grpc-js";
import type { MethodDefinition } from "../service-definition.js";
import { statusToError } from "../status/decode.js";
import { readMessages, writeMessages } from "../streams.js";
import { traceCalls } from "../tracing/trace-calls.js";
import { isTracing } from "../tracing/tracer.js";
import { possiblyCarriedOut } from "./repeatable.js";

/** A call about to be made. */
export interface PreparedCall {
	readonly client: Client;
	readonly method: MethodDefinition<unknown, unknown>;
	readonly metadata: Metadata;
	/** Milliseconds since the epoch after which the call fails; never unless given. */
	readonly deadline?: number;
	readonly signal?: AbortSignal;
}

/** Sends one message and waits for one; rejects with an ArchgenError. */
export async function callUnary(prepared: PreparedCall, request: unknown): Promise<unknown> {
	const { client, method, metadata, deadline, signal } = prepared;
	let cancel = () => {};
	try {
		signal?.throwIfAborted();
		return await new Promise((resolve, reject) => {
			const call = client.makeUnaryRequest(
				method.path,
				(value: unknown) => method.requestSerialize(value),
				(bytes: Buffer) => method.responseDeserialize(bytes),
				request,
				metadata,
				callSettings(deadline),
				(failure, reply) => (failure ? reject(failure) : resolve(reply)),
			);
			cancel = () => cancelLater(call);
			signal?.addEventListener("abort", cancel, { once: true });
		});
	} catch (failure) {
		throw possiblyCarriedOut(method.path, toError(failure, signal));
	} finally {
		signal?.removeEventListener("abort", cancel);
	}
}

/**
 * Sends a stream of messages and yields the answers as they come; throws an ArchgenError. Leaving the loop early cancels the
 * call. When the requests themselves throw, the call is cancelled and their error comes out unchanged.
 */
export async function* callStream(
	prepared: PreparedCall,
	requests: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<unknown, void, undefined> {
	const { client, method, metadata, deadline, signal } = prepared;
	if (signal?.aborted) {
		throw toError(signal.reason, signal);
	}
	const call = client.makeBidiStreamRequest(
		method.path,
		(value: unknown) => method.requestSerialize(value),
		(bytes: Buffer) => method.responseDeserialize(bytes),
		metadata,
		callSettings(deadline),
	);
	// The reader below sees the error; without a listener of its own a cancelled call would end the process.
	call.on("error", () => {});
	const cancel = () => cancelLater(call);
	signal?.addEventListener("abort", cancel, { once: true });
	const over = new AbortController();
	const source: { failure?: { error: unknown } } = {};
	void writeMessages(call, toAsync(requests), over.signal).then(
		() => call.end(),
		(error: unknown) => {
			if (!over.signal.aborted) {
				source.failure = { error };
				cancelLater(call);
			}
		},
	);
	try {
		yield* readMessages(call, over.signal);
	} catch (failure) {
		throw source.failure ? source.failure.error : toError(failure, signal);
	} finally {
		signal?.removeEventListener("abort", cancel);
		over.abort();
		cancelLater(call);
	}
}

function callSettings(deadline: number | undefined) {
	return { deadline, ...(isTracing() && { interceptors: [traceCalls] }) };
}

async function* toAsync<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
	yield* items;
}

function toError(failure: unknown, signal: AbortSignal | undefined): ArchgenError {
	if (signal?.aborted && !(failure instanceof ArchgenError)) {
		return new ArchgenError({
			category: "CANCELLED",
			reason: "CANCELLED",
			message: "The call was cancelled.",
			cause: failure,
		});
	}
	return statusToError(failure);
}

/**
 * Cancels a call after the current turn of the event loop. grpc-js loses a cancellation that comes in the very turn in which
 * the call starts: the server would get the request and work on it for nobody.
 */
function cancelLater(call: { cancel(): void }): void {
	setImmediate(() => call.cancel());
}
