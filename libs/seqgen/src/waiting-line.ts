/** A call that waits for its turn. */
interface Waiting<Item, Result> {
	readonly item: Item;
	resolve(result: Result): void;
	reject(error: unknown): void;
}

/**
 * One piece of work after another, where calls that wait meanwhile become one piece together: for work that costs hardly more for several
 * calls than for one.
 */
export class WaitingLine<Item, Result> {
	readonly #waiting: Waiting<Item, Result>[] = [];
	#isWorking = false;

	/**
	 * @param work the results of the items, in their order; if it fails, all of its calls do
	 * @param weight what an item counts towards `capacity`
	 * @param capacity most that is worked on together; an item beyond it is worked on alone
	 */
	constructor(
		private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
		private readonly weight: (item: Item) => number,
		private readonly capacity: number,
	) {}

	/** The result of an item, after those that came before it or together with them. */
	add(item: Item): Promise<Result> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ item, resolve, reject });
			if (!this.#isWorking) void this.#workOff();
		});
	}

	async #workOff(): Promise<void> {
		this.#isWorking = true;
		while (this.#waiting.length > 0) {
			const together = this.#next();
			try {
				const results = await this.work(together.map(({ item }) => item));
				together.forEach(({ resolve }, i) => void resolve(results[i]!));
			} catch (error) {
				for (const { reject } of together) reject(error);
			}
		}
		this.#isWorking = false;
	}

	/** The first that wait, as many as fit. */
	#next(): Waiting<Item, Result>[] {
		let load = 0;
		const tooMany = this.#waiting.findIndex(({ item }, place) => {
			load += this.weight(item);
			return place > 0 && load > this.capacity;
		});
		return this.#waiting.splice(0, tooMany < 0 ? this.#waiting.length : tooMany);
	}
}
