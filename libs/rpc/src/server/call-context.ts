import { setMaxListeners } from "node:events";
import { ArchgenError } from "@archgen/errors";
import type { Metadata, ServerUnaryCall } from "@grpc/grpc-js";
import type { Logger } from "../logger.js";
import { streamMoved } from "./stream-life.js";

/** Metadata that carries the identifier of a request whose message has none. */
export const REQUEST_ID_KEY = "x-request-id";

/** The part of a grpc-js server call that all four kinds of call share. */
export type SurfaceCall = Pick<
	ServerUnaryCall<unknown, unknown>,
	"metadata" | "getDeadline" | "getPath" | "cancelled"
> &
	NodeJS.EventEmitter;

/** What a handler knows about the call it answers. */
export interface CallContext {
	/** Fires when the caller cancels, the deadline passes or the server gives up draining. */
	readonly signal: AbortSignal;
	/** Metadata that the caller sent. */
	readonly metadata: Metadata;
	/** When the caller stops waiting; undefined when it never does. */
	readonly deadline: Date | undefined;
	/** Logger whose lines name the method. */
	readonly logger: Logger;
	/**
	 * Says where a stream can be gone on from when the server has to end it; the last call counts. Whoever calls again finds the
	 * position in the metadata of the status.
	 */
	mark(position: string): void;
}

/** A context together with what releases its timer once the call is over. */
export interface OpenContext extends CallContext {
	/** Fires the signal. */
	end(reason: ArchgenError): void;
	dispose(): void;
}

// setTimeout fires at once when asked for more than this.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Opens the context of a call: its signal follows the call's cancellation, its deadline and the server's end. */
export function openContext(
	call: SurfaceCall,
	logger: Logger,
	{ leaving, lifeMs }: { readonly leaving: AbortSignal; readonly lifeMs?: number | undefined },
): OpenContext {
	let position = "";
	const controller = new AbortController();
	// Every item of a batch listens; Node would take more than ten for a leak.
	setMaxListeners(0, controller.signal);
	const deadline = deadlineOf(call);
	const timer = deadline && startDeadlineTimer(deadline, controller);
	call.once("cancelled", () => controller.abort(isLate(deadline) ? deadlineExceeded() : cancelled()));
	if (call.cancelled) {
		controller.abort(cancelled());
	}
	const leave = () => controller.abort(leaving.reason);
	const life =
		lifeMs === undefined || lifeMs > LONGEST_TIMER_MS
			? undefined
			: setTimeout(() => controller.abort(streamMoved(position)), lifeMs);
	leaving.addEventListener("abort", leave);
	return {
		signal: controller.signal,
		metadata: call.metadata,
		deadline,
		logger: logger.child({ method: call.getPath(), requestId: requestIdOf(call) }),
		mark: (next) => {
			position = next;
		},
		end: (reason) => controller.abort(reason),
		dispose: () => {
			clearTimeout(timer);
			clearTimeout(life);
			leaving.removeEventListener("abort", leave);
		},
	};
}

/** Identifier of the request, from its message or, made up where there is none, from its metadata. */
function requestIdOf(call: SurfaceCall): unknown {
	const { request } = call as { request?: { requestId?: unknown } };
	return request?.requestId || call.metadata.get(REQUEST_ID_KEY)[0];
}

function deadlineOf(call: SurfaceCall): Date | undefined {
	const deadline = call.getDeadline();
	if (deadline instanceof Date) {
		return deadline;
	}
	return Number.isFinite(deadline) ? new Date(deadline) : undefined;
}

function startDeadlineTimer(deadline: Date, controller: AbortController): NodeJS.Timeout | undefined {
	const remaining = deadline.getTime() - Date.now();
	if (remaining > LONGEST_TIMER_MS) {
		return undefined;
	}
	return setTimeout(() => controller.abort(deadlineExceeded()), Math.max(0, remaining));
}

/** A caller ends a late call by its own clock, by which the deadline comes earlier: by the time that the request took to get here. */
const TRAVEL_MS = 100;

/** Whether a caller that ends its call now does so because the deadline passed. */
export function isLate(deadline: Date | number | undefined): boolean {
	return Number(deadline) <= Date.now() + TRAVEL_MS;
}

function cancelled(): ArchgenError {
	return new ArchgenError({
		category: "CANCELLED",
		reason: "CANCELLED",
		message: "The caller cancelled the call.",
	});
}

function deadlineExceeded(): ArchgenError {
	return new ArchgenError({
		category: "DEADLINE_EXCEEDED",
		reason: "DEADLINE_EXCEEDED",
		message: "The deadline of the call passed; ask for less or allow more time.",
	});
}
