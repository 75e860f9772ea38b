import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import type { JobProblem } from "./job.js";

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;
/** CANCELLED is what a service that stops answers calls with; a cancellation of ours is told by its signal. */
const PASSING: readonly string[] = ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "CANCELLED"];

/** True for a failure that a later try may not meet. */
export function passes(error: unknown): error is ArchgenError {
	return error instanceof ArchgenError && PASSING.includes(error.category);
}

/** Waiting times between tries, in milliseconds: doubling up to 5 s. */
export function* delays(): Generator<number, never> {
	for (let delay = FIRST_DELAY_MS; ; delay = Math.min(2 * delay, LONGEST_DELAY_MS)) yield delay;
}

/** Tries until it succeeds or fails for good; meanwhile `report` is told why there is no headway. */
export async function patiently<T>(
	body: () => Promise<T>,
	signal: AbortSignal | undefined,
	report: (error: ArchgenError | null) => void,
): Promise<T> {
	for (const delay of delays()) {
		try {
			const result = await body();
			report(null);
			return result;
		} catch (error) {
			throwIfAborted(signal);
			if (!passes(error)) throw error;
			report(error);
			await sleep(delay, undefined, { signal });
		}
	}
	throw new Error("unreachable");
}

/** What stands in the way of a job; it keeps the time when it was first seen. */
export function problemOf(error: unknown, before: JobProblem | null): JobProblem {
	const { reason, message } =
		error instanceof ArchgenError
			? error
			: { reason: "INTERNAL", message: "Internal error; the log has more." };
	const since = before?.reason === reason ? before.since : new Date().toISOString();
	return { reason, message, since };
}
