import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "./problem.js";

/** Time without a message after which a comment keeps the connection open, in milliseconds. */
const KEEP_ALIVE_MS = 15_000;

/** How a stream of messages is written as server-sent events. */
export interface EventSource {
	readonly messages: AsyncIterator<unknown>;
	/** The first message, which was waited for before the reply began. */
	readonly first: IteratorResult<unknown>;
	toJson(message: unknown): unknown;
	toProblem(failure: unknown): Problem;
	/** Called once when nothing more is written. */
	done(): void;
}

/**
 * Server-sent events: one `message` for each message, then `end`, or `error` with problem details. Comments in between keep
 * the connection open.
 */
export async function* serverSentEvents(source: EventSource): AsyncGenerator<string, void, undefined> {
	const { messages, toJson } = source;
	let next: Promise<IteratorResult<unknown>> = Promise.resolve(source.first);
	try {
		for (;;) {
			const item = await withKeepAlive(next);
			if (item === "idle") {
				yield ": still there\n\n";
				continue;
			}
			if (item.done) break;
			yield event("message", toJson(item.value));
			next = messages.next();
			// Seen when it is awaited; a reader that leaves before must not end the process.
			next.catch(() => {});
		}
		yield event("end", {});
	} catch (failure) {
		yield event("error", source.toProblem(failure));
	} finally {
		source.done();
		messages.return?.().then(undefined, () => {});
	}
}

function event(name: string, data: unknown): string {
	return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function withKeepAlive<T>(next: Promise<T>): Promise<T | "idle"> {
	const timer = new AbortController();
	const idle = sleep(KEEP_ALIVE_MS, "idle" as const, { signal: timer.signal, ref: false });
	idle.catch(() => {});
	try {
		return await Promise.race([next, idle]);
	} finally {
		timer.abort();
	}
}
