/** Rejects when the signal fires; `dispose` detaches it so that nothing is left behind on a long-lived signal. */
export function rejectOnAbort(signal: AbortSignal): { promise: Promise<never>; dispose(): void } {
	let onAbort = () => {};
	const promise = new Promise<never>((_, reject) => {
		onAbort = () => reject(signal.reason);
		if (signal.aborted) {
			onAbort();
		} else {
			signal.addEventListener("abort", onAbort, { once: true });
		}
	});
	promise.catch(() => {});
	return { promise, dispose: () => signal.removeEventListener("abort", onAbort) };
}

/** The result of a promise, or the reason of a signal as soon as it fires; the work behind the promise goes on by itself. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return promise;
	promise.catch(() => {});
	const abort = rejectOnAbort(signal);
	return Promise.race([abort.promise, promise]).finally(abort.dispose);
}
