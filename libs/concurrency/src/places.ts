/** A bounded number of places and a line of those who wait for one, first come first served. */
export class Places {
	#taken = 0;
	readonly #line: (() => void)[] = [];

	/** @param count places in all */
	constructor(private readonly count: number) {}

	/** Places taken. */
	get taken(): number {
		return this.#taken;
	}

	/** Callers that wait for a place. */
	get waiting(): number {
		return this.#line.length;
	}

	/** Takes places at once; undefined when so many are not free, else what gives them back (a second call does nothing). */
	take(places: number): (() => void) | undefined {
		if (places > this.count - this.#taken) return undefined;
		this.#taken += places;
		return this.#leaver(places);
	}

	/** Takes one place as soon as there is one; rejects with the signal's reason when it fires before. */
	async wait(signal: AbortSignal): Promise<() => void> {
		signal.throwIfAborted();
		const free = this.take(1);
		if (free !== undefined) return free;
		await this.#turn(signal);
		return this.#leaver(1);
	}

	#turn(signal: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			const take = () => {
				signal.removeEventListener("abort", giveUp);
				resolve();
			};
			const giveUp = () => {
				this.#line.splice(this.#line.indexOf(take), 1);
				reject(signal.reason);
			};
			this.#line.push(take);
			signal.addEventListener("abort", giveUp, { once: true });
		});
	}

	#leaver(places: number): () => void {
		let left = false;
		return () => {
			if (left) return;
			left = true;
			for (let i = 0; i < places; i += 1) {
				const next = this.#line.shift();
				// The place goes to the next in line without becoming free in between.
				if (next) next();
				else this.#taken -= 1;
			}
		};
	}
}
