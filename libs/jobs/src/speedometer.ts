const WINDOW_MS = 60_000;

/** Events per second over the last minute. */
export class Speedometer {
	readonly #began: number;
	#times: number[] = [];

	/** @param now milliseconds, from any origin */
	constructor(private readonly now: () => number) {
		this.#began = now();
	}

	count(): void {
		this.#times.push(this.now());
	}

	/** 0 before the first event. */
	get perSecond(): number {
		const now = this.now();
		this.#times = this.#times.filter((time) => time > now - WINDOW_MS);
		const span = Math.min(WINDOW_MS, now - this.#began);
		return span > 0 ? (1000 * this.#times.length) / span : 0;
	}
}
