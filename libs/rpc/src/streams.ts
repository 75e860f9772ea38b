import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { rejectOnAbort } from "@archgen/concurrency";

/**
 * Messages of a stream until it ends or the signal fires. Leaving the loop early does not destroy the stream, because a gRPC
 * call still has to send its status over it.
 */
export async function* readMessages<T>(
	stream: Readable,
	signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
	const messages = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<T, void>;
	const abort = rejectOnAbort(signal);
	try {
		for (;;) {
			const next = await Promise.race([messages.next(), abort.promise]);
			if (next.done) {
				return;
			}
			yield next.value;
		}
	} finally {
		abort.dispose();
	}
}

/** Writes messages one by one, waiting whenever the receiver falls behind; stops with the signal's reason when it fires. */
export async function writeMessages<T>(
	stream: Writable,
	messages: AsyncIterable<T>,
	signal: AbortSignal,
): Promise<void> {
	const iterator = messages[Symbol.asyncIterator]();
	const abort = rejectOnAbort(signal);
	try {
		for (;;) {
			const next = await Promise.race([iterator.next(), abort.promise]);
			if (next.done) {
				return;
			}
			if (!stream.write(next.value)) {
				await once(stream, "drain", { signal });
			}
		}
	} catch (failure) {
		// A generator that ignores the signal is closed without waiting: nobody reads what it still makes.
		iterator.return?.(undefined)?.then(undefined, () => {});
		throw signal.aborted ? signal.reason : failure;
	} finally {
		abort.dispose();
	}
}
