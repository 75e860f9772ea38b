import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "@archgen/errors";

/** Lets timers and messages through, so that a signal can fire during a long fit; throws CANCELLED when it has. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
	await setImmediate();
	throwIfAborted(signal);
}
