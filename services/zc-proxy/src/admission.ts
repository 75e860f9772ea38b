import { Places } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";

/** Time that a refused caller should wait, for each item ahead of it and worker. */
const RETRY_MS_PER_ITEM = 250;

/** Counts the items that run or wait in the whole service, and bounds them. */
export class Admission {
	readonly #line: Places;

	/**
	 * @param places items that may run or wait
	 * @param workers items that run at once
	 */
	constructor(
		private readonly places: number,
		private readonly workers: number,
	) {
		this.#line = new Places(places);
	}

	/** Places taken. */
	get taken(): number {
		return this.#line.taken;
	}

	/** Takes places for a whole batch, or throws RESOURCE_EXHAUSTED with a retry delay; returns what gives them back. */
	enter(items: number): () => void {
		const leave = this.#line.take(items);
		if (leave === undefined) throw this.#full(items);
		return leave;
	}

	/** Takes one place as soon as there is one; rejects when the signal fires. This is what slows a stream down. */
	wait(signal: AbortSignal): Promise<() => void> {
		return this.#line.wait(signal);
	}

	#full(items: number): ArchgenError {
		return new ArchgenError({
			category: "RESOURCE_EXHAUSTED",
			reason: "QUEUE_FULL",
			message: `${this.taken} of ${this.places} places are taken, ${items} more do not fit; retry later or ask another instance.`,
			metadata: { taken: String(this.taken), places: String(this.places) },
			retryAfterMs: Math.ceil((this.taken * RETRY_MS_PER_ITEM) / this.workers),
		});
	}
}
