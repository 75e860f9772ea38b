import { setTimeout as sleep } from "node:timers/promises";
import { throwIfAborted } from "@archgen/errors";
import pRetry from "p-retry";

/** When and how often a task is tried again. */
export interface RetryOptions {
	/** True for a failure that a later try may not meet. Asked once after each failure. */
	readonly mayPass: (error: unknown) => boolean | Promise<boolean>;
	/** Pause after the first failure, in milliseconds; it doubles with each further one. */
	readonly firstDelayMs: number;
	/** Longest pause. Default no bound. */
	readonly longestDelayMs?: number;
	/** Pause that a failure asks for itself; such a try does not count. The growing one for undefined. */
	readonly delayOf?: (error: unknown) => number | undefined;
	/** Tries in all. Default no bound. */
	readonly attempts?: number;
	/** Time since the beginning after which a failure is final, in milliseconds. Default no bound. */
	readonly patienceMs?: number;
	readonly signal?: AbortSignal | undefined;
}

/** A failure of the task, whatever it threw: p-retry has rules of its own for some errors. */
class Failed extends Error {}

/**
 * Tries a task until it succeeds or fails for good, by p-retry.
 *
 * @throws the last failure of the task; CANCELLED once the signal has fired
 */
export async function retry<T>(task: () => Promise<T>, options: RetryOptions): Promise<T> {
	const { mayPass, delayOf = () => undefined, attempts = Infinity, signal } = options;
	throwIfAborted(signal);
	const tryOnce = async () => {
		try {
			return await task();
		} catch (cause) {
			throw new Failed("", { cause });
		}
	};
	try {
		return await pRetry(tryOnce, {
			retries: attempts - 1,
			minTimeout: options.firstDelayMs,
			maxTimeout: options.longestDelayMs ?? Infinity,
			maxRetryTime: options.patienceMs ?? Infinity,
			shouldConsumeRetry: ({ error }) => delayOf(error.cause) === undefined,
			shouldRetry: async ({ error }) => {
				if (signal?.aborted || !(await mayPass(error.cause))) return false;
				const own = delayOf(error.cause);
				if (own !== undefined) await sleep(own, undefined, { signal });
				return true;
			},
			...(signal && { signal }),
		});
	} catch (error) {
		throwIfAborted(signal);
		throw error instanceof Failed ? error.cause : error;
	}
}
