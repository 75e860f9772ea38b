import type { ScoringPool } from "@archgen/proxies";

/** Processor time of this process and of a pool's workers since the clock was made, in seconds. */
export class CpuClock {
	readonly #began = process.cpuUsage();

	constructor(private readonly pool: Pick<ScoringPool, "cpuSeconds">) {}

	get seconds(): number {
		const { user, system } = process.cpuUsage(this.#began);
		return (user + system) / 1e6 + this.pool.cpuSeconds;
	}
}
