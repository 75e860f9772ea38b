import { ArchgenError } from "@archgen/errors";

/** Time that a refused caller should wait, for each item ahead of it and worker. */
const RETRY_MS_PER_ITEM = 250;

/** Counts the items that run or wait in the whole service, and bounds them. */
export class Admission {
	#taken = 0;
	readonly #waiting: (() => void)[] = [];

	/**
	 * @param places items that may run or wait
	 * @param workers items that run at once
	 */
	constructor(
		private readonly places: number,
		private readonly workers: number,
	) {}

	/** Places taken. */
	get taken(): number {
		return this.#taken;
	}

	/** Takes places for a whole batch, or throws RESOURCE_EXHAUSTED with a retry delay; returns what gives them back. */
	enter(items: number): () => void {
		if (items > this.places - this.#taken) {
			throw this.#full(items);
		}
		this.#taken += items;
		return this.#leaver(items);
	}

	/** Takes one place as soon as there is one; rejects when the signal fires. This is what slows a stream down. */
	async wait(signal: AbortSignal): Promise<() => void> {
		signal.throwIfAborted();
		if (this.#taken >= this.places) {
			await this.#turn(signal);
		} else {
			this.#taken += 1;
		}
		return this.#leaver(1);
	}

	/** Waits until somebody hands over a place. */
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

	#leaver(items: number): () => void {
		let left = false;
		return () => {
			if (left) {
				return;
			}
			left = true;
			for (let i = 0; i < items; i += 1) {
				const next = this.#waiting.shift();
				if (next) {
					// The place goes to the next in line without becoming free in between.
					next();
				} else {
					this.#taken -= 1;
				}
			}
		};
	}

	#full(items: number): ArchgenError {
		return new ArchgenError({
			category: "RESOURCE_EXHAUSTED",
			reason: "QUEUE_FULL",
			message: `${this.#taken} of ${this.places} places are taken, ${items} more do not fit; retry later or ask another instance.`,
			metadata: { taken: String(this.#taken), places: String(this.places) },
			retryAfterMs: Math.ceil((this.#taken * RETRY_MS_PER_ITEM) / this.workers),
		});
	}
}
