/** Lets a few in at once and a few more wait, in the order they came. */
export class Turnstile {
	#inside = 0;
	readonly #waiting: (() => void)[] = [];

	/** @param full makes the error for those who may not even wait */
	constructor(
		private readonly places: number,
		private readonly mayWait: number,
		private readonly full: () => Error,
	) {}

	/** Waits for a place and returns what gives it back; rejects with the signal's reason when it fires before. */
	async enter(signal: AbortSignal): Promise<() => void> {
		signal.throwIfAborted();
		if (this.#inside < this.places) this.#inside += 1;
		else if (this.#waiting.length >= this.mayWait) throw this.full();
		else await this.#turn(signal);
		let left = false;
		return () => {
			if (left) return;
			left = true;
			const next = this.#waiting.shift();
			// The place goes to the next in line without becoming free in between.
			if (next) next();
			else this.#inside -= 1;
		};
	}

	#turn(signal: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			const take = () => {
				signal.removeEventListener("abort", giveUp);
				resolve();
			};
			const giveUp = () => {
				this.#waiting.splice(this.#waiting.indexOf(take), 1);
				reject(signal.reason);
			};
			this.#waiting.push(take);
			signal.addEventListener("abort", giveUp, { once: true });
		});
	}
}
