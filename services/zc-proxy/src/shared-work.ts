import { untilAborted } from "@archgen/concurrency";

/** One computation and how many wait for it. */
interface Flight<T> {
	readonly result: Promise<T>;
	readonly controller: AbortController;
	waiting: number;
}

/** Lets callers who ask for the same thing at the same time share one computation. */
export class SharedWork<T> {
	readonly #flights = new Map<string, Flight<T>>();

	/**
	 * The result of the computation that runs under a key, or of one that is started now. A caller whose signal fires stops
	 * waiting; the computation itself is cancelled when nobody waits any more.
	 */
	async share(key: string, start: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
		signal.throwIfAborted();
		const flight = this.#flights.get(key) ?? this.#start(key, start);
		flight.waiting += 1;
		try {
			return await untilAborted(flight.result, signal);
		} finally {
			flight.waiting -= 1;
			if (flight.waiting === 0) {
				this.#end(key, flight);
			}
		}
	}

	#start(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
		const controller = new AbortController();
		const flight = { result: start(controller.signal), controller, waiting: 0 };
		this.#flights.set(key, flight);
		return flight;
	}

	#end(key: string, flight: Flight<T>): void {
		if (this.#flights.get(key) === flight) {
			this.#flights.delete(key);
		}
		// Nothing happens unless the computation still runs; then nobody reads how it ends.
		flight.result.catch(() => {});
		flight.controller.abort();
	}
}
