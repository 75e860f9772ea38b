import { throwIfAborted } from "@archgen/errors";

/** A call that waits for its turn. */
interface Waiting<Item, Result> {
	readonly item: Item;
	readonly signal?: AbortSignal;
	resolve(result: Result): void;
	reject(error: unknown): void;
}

export interface WaitingLineOptions<Item, Result> {
	/** The results of the items, in their order; if it fails, all of its calls do. The signal fires when nobody waits for any of them. */
	readonly work: (items: readonly Item[], signal: AbortSignal) => Promise<readonly Result[]>;
	/** What an item counts towards `capacity`. */
	readonly weight: (item: Item) => number;
	/** Most that is worked on together; an item beyond it is worked on alone. */
	readonly capacity: number;
	/** Pieces of work at a time, default 1. */
	readonly lanes?: number;
	/** While one piece is worked on, what must wait before a further lane takes it, in weight; default 0. Small pieces go better together. */
	readonly worthALane?: number;
}

/**
 * Work in pieces, where calls that wait while others are worked on become one piece together: for work that costs hardly more for several
 * calls than for one.
 */
export class WaitingLine<Item, Result> {
	readonly #waiting: Waiting<Item, Result>[] = [];
	#freeLanes: number;

	constructor(private readonly options: WaitingLineOptions<Item, Result>) {
		this.#freeLanes = options.lanes ?? 1;
	}

	/**
	 * The result of an item, after those that came before it or together with them.
	 *
	 * @throws what the work throws; CANCELLED as soon as a piece that is cancelled is given up or done
	 */
	add(item: Item, signal?: AbortSignal): Promise<Result> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ item, signal, resolve, reject });
			void this.#workOff();
		});
	}

	async #workOff(): Promise<void> {
		while (this.#freeLanes > 0 && this.#isWorthALane()) {
			this.#freeLanes--;
			await this.#workOn(this.#next());
			this.#freeLanes++;
		}
	}

	#isWorthALane(): boolean {
		const { lanes = 1, worthALane = 0, weight } = this.options;
		if (this.#waiting.length === 0 || this.#freeLanes === lanes) return this.#waiting.length > 0;
		return this.#waiting.reduce((load, { item }) => load + weight(item), 0) >= worthALane;
	}

	async #workOn(together: readonly Waiting<Item, Result>[]): Promise<void> {
		const wanted = together.filter((call) => !rejectIfAborted(call));
		if (wanted.length === 0) return;
		const over = new AbortController();
		try {
			const signals = wanted.map(({ signal }) => signal);
			const items = wanted.map(({ item }) => item);
			const results = await this.options.work(items, whenAllAborted(signals, over.signal));
			wanted.forEach((call, i) => {
				if (!rejectIfAborted(call)) call.resolve(results[i]!);
			});
		} catch (error) {
			for (const call of wanted) if (!rejectIfAborted(call)) call.reject(error);
		} finally {
			over.abort();
		}
	}

	/** The first that wait, as many as fit. */
	#next(): Waiting<Item, Result>[] {
		let load = 0;
		const tooMany = this.#waiting.findIndex(({ item }, place) => {
			load += this.options.weight(item);
			return place > 0 && load > this.options.capacity;
		});
		return this.#waiting.splice(0, tooMany < 0 ? this.#waiting.length : tooMany);
	}
}

function rejectIfAborted({ signal, reject }: Waiting<unknown, never>): boolean {
	try {
		throwIfAborted(signal);
		return false;
	} catch (cancelled) {
		reject(cancelled);
		return true;
	}
}

/** Fires when every signal has; never if one is missing. Stops listening when the work is over. */
function whenAllAborted(signals: readonly (AbortSignal | undefined)[], over: AbortSignal): AbortSignal {
	const controller = new AbortController();
	const check = () => {
		if (signals.every((signal) => signal?.aborted)) controller.abort();
	};
	for (const signal of signals) signal?.addEventListener("abort", check, { signal: over });
	return controller.signal;
}
