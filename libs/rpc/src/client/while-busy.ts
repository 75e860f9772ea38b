import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError } from "@archgen/errors";

const RETRY_MS = 200;

/**
 * Makes a call again for as long as the server says that it is too busy, after the time that it asks for; 200 ms unless it names one.
 *
 * @throws what the call throws, RESOURCE_EXHAUSTED excepted; `AbortError` when the signal fires between two calls
 */
export async function whileBusy<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
	for (;;) {
		try {
			return await call();
		} catch (failure) {
			if (!(failure instanceof ArchgenError) || failure.category !== "RESOURCE_EXHAUSTED") throw failure;
			await sleep(failure.retryAfterMs ?? RETRY_MS, undefined, { signal });
		}
	}
}
