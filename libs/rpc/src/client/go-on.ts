import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError } from "@archgen/errors";
import { STREAM_MOVED } from "../server/stream-life.js";

/** Reason of a server that does not know a position; the stream begins anew. */
export const POSITION_UNKNOWN = "POSITION_UNKNOWN";

/** Settings of {@link goOn}. */
export interface GoOnOptions<T> {
	/** Where to go on from after a message; what the server says last holds unless given. */
	readonly positionOf?: (message: T, position: string) => string;
	/** Time without a message for which a server that has gone is waited for, in milliseconds; 30,000 unless given. */
	readonly patienceMs?: number;
	readonly signal?: AbortSignal | undefined;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;

/**
 * Messages of a stream that is opened again, where it was left, whenever the server ends it or the connection is lost.
 *
 * @param open opens the stream at a position; empty for the beginning
 * @throws what the stream throws, except for what a further call may not meet
 */
export async function* goOn<T>(
	open: (position: string) => AsyncIterable<T>,
	{ positionOf = (_, before) => before, patienceMs = 30_000, signal }: GoOnOptions<T> = {},
): AsyncGenerator<T, void, undefined> {
	let position = "";
	let heard = Date.now();
	let delay = FIRST_DELAY_MS;
	for (;;) {
		try {
			for await (const message of open(position)) {
				[heard, delay] = [Date.now(), FIRST_DELAY_MS];
				position = positionOf(message, position);
				yield message;
			}
			return;
		} catch (failure) {
			if (!(failure instanceof ArchgenError) || signal?.aborted) throw failure;
			if (failure.reason === POSITION_UNKNOWN && position !== "") {
				position = "";
				continue;
			}
			if (!isInterruption(failure, position)) throw failure;
			position = failure.metadata.position || position;
			if (failure.reason === STREAM_MOVED) continue;
			if (Date.now() - heard > patienceMs) throw failure;
			await sleep(failure.retryAfterMs ?? delay, undefined, { signal });
			delay = Math.min(2 * delay, LONGEST_DELAY_MS);
		}
	}
}

/** True for the end of a connection or of a server, false for what the server has to say about the request. */
function isInterruption({ category, reason }: ArchgenError, position: string): boolean {
	if (category === "RESOURCE_EXHAUSTED") return position !== "";
	return category === "UNAVAILABLE" && INTERRUPTIONS.has(reason);
}

/** UNAVAILABLE is the reason of a status without details: that of the transport. */
const INTERRUPTIONS: ReadonlySet<string> = new Set([STREAM_MOVED, "SERVER_STOPPED", "UNAVAILABLE"]);
