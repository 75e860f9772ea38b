import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type CallError, problemOf } from "../api/client.js";

const POLL_MS = 3000;

/** What was read last, and why reading fails at the moment. */
export interface Polled<T> {
	readonly value: Signal<T | undefined>;
	readonly error: Signal<CallError | undefined>;
}

/**
 * Reads something now and every few seconds while it is shown.
 *
 * @param key another one begins anew
 * @param changes whether there may be something new to read; yes unless given
 */
export function usePolled<T>(
	read: (signal: AbortSignal) => Promise<T>,
	key = "",
	changes: (last: T) => boolean = () => true,
): Polled<T> {
	const value = useSignal<T | undefined>(undefined);
	const error = useSignal<CallError | undefined>(undefined);
	useEffect(() => {
		value.value = undefined;
		const controller = new AbortController();
		const load = async () => {
			try {
				value.value = await read(controller.signal);
				error.value = undefined;
			} catch (failure) {
				error.value = problemOf(failure);
			}
		};
		void load();
		const timer = setInterval(() => {
			if (value.value === undefined || changes(value.value)) void load();
		}, POLL_MS);
		return () => {
			controller.abort();
			clearInterval(timer);
		};
	}, [key]);
	return { value, error };
}
