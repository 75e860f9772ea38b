import { ArchgenError } from "@archgen/errors";

/** Counts the calls in progress and refuses those above a limit. */
export class ConcurrencyLimit {
	#active = 0;

	constructor(
		private readonly limit: number,
		private readonly retryAfterMs: number,
		/** Told whenever the last place is taken or becomes free. */
		private readonly onSaturated: (saturated: boolean) => void = () => {},
	) {}

	/** Calls in progress. */
	get active(): number {
		return this.#active;
	}

	/** Takes a place and returns what gives it back; throws RESOURCE_EXHAUSTED with a retry delay when all are taken. */
	enter(): () => void {
		if (this.#active >= this.limit) {
			throw new ArchgenError({
				category: "RESOURCE_EXHAUSTED",
				reason: "TOO_MANY_CALLS",
				message: `The service works on ${this.limit} calls already; retry later or ask another instance.`,
				metadata: { limit: String(this.limit) },
				retryAfterMs: this.retryAfterMs,
			});
		}
		this.#active += 1;
		if (this.#active === this.limit) this.onSaturated(true);
		let entered = true;
		return () => {
			if (!entered) return;
			entered = false;
			if (this.#active === this.limit) this.onSaturated(false);
			this.#active -= 1;
		};
	}
}
