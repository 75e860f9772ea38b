import { retry } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";

const RETRY_MS = 200;

/**
 * Makes a call again for as long as the server says that it is too busy, after the time that it asks for; 200 ms unless it names one.
 *
 * @throws what the call throws, RESOURCE_EXHAUSTED excepted; CANCELLED when the signal fires between two calls
 */
export function whileBusy<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
	return retry(call, {
		mayPass: (failure) => failure instanceof ArchgenError && failure.category === "RESOURCE_EXHAUSTED",
		delayOf: (failure) => (failure as ArchgenError).retryAfterMs ?? RETRY_MS,
		firstDelayMs: RETRY_MS,
		signal,
	});
}
