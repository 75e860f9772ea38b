import { constants, type ServerHttp2Stream } from "node:http2";
import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from "@grpc/grpc-js";
import { buildStatus, type RpcStatus } from "../status/encode.js";

/** What {@link limitArrivals} bounds. */
export interface ArrivalLimits {
	/** Bytes of requests that have not arrived completely, in all. */
	readonly maxUnfinishedBytes: number;
	/** Time that a request has to arrive completely, in milliseconds. */
	readonly requestTimeoutMs: number;
	readonly retryAfterMs: number;
}

/** The parts of a call of grpc-js that lead to the stream it came on; they have no public name there. */
interface Wire {
	readonly stream?: ServerHttp2Stream;
	readonly nextCall?: Wire;
}

/**
 * An interceptor that bounds what callers can make a server keep by sending half of a request: the bytes of all unfinished requests together, and
 * the time of each.
 */
export function limitArrivals({
	maxUnfinishedBytes,
	requestTimeoutMs,
	retryAfterMs,
}: ArrivalLimits): ServerInterceptor {
	let unfinished = 0;
	const full = buildStatus(
		status.RESOURCE_EXHAUSTED,
		`Requests of more than ${maxUnfinishedBytes} bytes in all have begun and not arrived; send this one again later.`,
		{ reason: "TOO_MANY_UNFINISHED_REQUESTS", retryAfterMs },
	);
	const late = buildStatus(
		status.DEADLINE_EXCEEDED,
		`The request did not arrive completely within ${requestTimeoutMs} ms.`,
		{ reason: "REQUEST_INCOMPLETE" },
	);
	return ({ requestStream }, call) => {
		const stream = streamOf(call as unknown as Wire);
		let held = 0;
		const settle = () => {
			unfinished -= held;
			held = 0;
		};
		const refuse = (refusal: RpcStatus) => {
			call.sendStatus(refusal);
			settle();
			// Only a closed stream gives back the half of a message that has arrived.
			setImmediate(() => stream?.close(constants.NGHTTP2_NO_ERROR));
		};
		const timer = setTimeout(() => refuse(late), requestTimeoutMs);
		timer.unref();
		stream?.on("data", (chunk: Buffer) => {
			held += chunk.length;
			unfinished += chunk.length;
			if (unfinished > maxUnfinishedBytes) refuse(full);
		});
		stream?.once("close", () => {
			clearTimeout(timer);
			settle();
		});
		const listener = new ServerListenerBuilder()
			.withOnReceiveMessage((message, next) => {
				settle();
				// A stream of requests may pause between two; that is not for this limit.
				if (requestStream) clearTimeout(timer);
				next(message);
			})
			.withOnReceiveHalfClose((next) => {
				clearTimeout(timer);
				settle();
				next();
			})
			.build();
		return new ServerInterceptingCall(call, { start: (next) => next(listener) });
	};
}

function streamOf({ stream, nextCall }: Wire): ServerHttp2Stream | undefined {
	return stream ?? (nextCall && streamOf(nextCall));
}
