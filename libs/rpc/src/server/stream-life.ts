import { ArchgenError } from "@archgen/errors";

/** Reason of the status with which the server ends a stream whose connection is about to be closed. */
export const STREAM_MOVED = "STREAM_MOVED";

/** True for a signal that fired because the server ends the stream in favour of another connection; its work may be kept. */
export function wasMoved(signal: AbortSignal): boolean {
	return signal.reason instanceof ArchgenError && signal.reason.reason === STREAM_MOVED;
}

/** @param position what the next call goes on from; empty where it begins anew without a loss */
export function streamMoved(position: string): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: STREAM_MOVED,
		message:
			"The server closes this connection so that callers spread over all instances; call again to go on.",
		metadata: { position },
		retryAfterMs: 0,
	});
}

/** The error of a stream on which the caller said nothing for too long. */
export function streamIdle(milliseconds: number): ArchgenError {
	return new ArchgenError({
		category: "DEADLINE_EXCEEDED",
		reason: "STREAM_IDLE",
		message: `Nothing was sent on this stream for ${milliseconds} ms; open it when there is something to send.`,
	});
}

/** Ends something that nobody touches for a while. */
export class IdleTimer {
	#timer: NodeJS.Timeout | undefined;

	constructor(
		private readonly milliseconds: number,
		private readonly onIdle: () => void,
	) {}

	/** Begins to wait anew. */
	touch = (): void => {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(this.onIdle, this.milliseconds);
		this.#timer.unref();
	};

	stop(): void {
		clearTimeout(this.#timer);
	}
}
