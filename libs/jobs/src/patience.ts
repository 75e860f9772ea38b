import { retry } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";
import type { JobProblem } from "./job.js";

/** CANCELLED is what a service that stops answers calls with; a cancellation of ours is told by its signal. */
const PASSING: readonly string[] = ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "CANCELLED"];

/** True for a failure that a later try may not meet. */
export function passes(error: unknown): error is ArchgenError {
	return error instanceof ArchgenError && PASSING.includes(error.category);
}

/** Pauses between tries, in milliseconds: doubling up to 5 s. */
export const PAUSES = { firstDelayMs: 200, longestDelayMs: 5_000 } as const;

/** Tries until it succeeds or fails for good; meanwhile `report` is told why there is no headway. */
export async function patiently<T>(
	body: () => Promise<T>,
	signal: AbortSignal | undefined,
	report: (error: ArchgenError | null) => void,
): Promise<T> {
	const result = await retry(body, {
		...PAUSES,
		mayPass: (error) => {
			if (!passes(error)) return false;
			report(error);
			return true;
		},
		signal,
	});
	report(null);
	return result;
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
