import type { ScoringPool } from "@archgen/proxies";
import { ServiceMetrics } from "@archgen/rpc";
import { Counter } from "prom-client";
import type { Admission } from "./admission.js";
import type { ScoreCache } from "./score-cache.js";

/** Where the numbers come from. */
export interface MetricSources {
	readonly admission: Pick<Admission, "taken">;
	readonly places: number;
	readonly pool: Pick<ScoringPool, "load">;
	readonly cache: Pick<ScoreCache, "asked">;
}

const PREFIX = "archgen_zc_proxy";

/** What the service tells about itself beyond what every service does. */
export class Metrics extends ServiceMetrics {
	readonly #items = new Counter({
		name: `${PREFIX}_items_total`,
		help: "Items answered, by outcome.",
		labelNames: ["outcome"],
		registers: [this.registry],
	});

	constructor({ admission, places, pool, cache }: MetricSources) {
		super();
		const gauge = (name: string, help: string, read: () => number) =>
			this.gauge(`${PREFIX}_${name}`, help, read);
		gauge("queue_depth", "Items that run or wait; what to scale on.", () => admission.taken);
		gauge("queue_places", "Items that may run or wait before more are refused.", () => places);
		gauge("workers_busy", "Scoring processes at work.", () => pool.load.running);
		const counter = (name: string, help: string, read: () => number) =>
			this.counter(`${PREFIX}_${name}_total`, help, read);
		counter("cache_hits", "Outcomes of proxies answered from memory.", () => cache.asked.hits);
		counter("cache_misses", "Outcomes of proxies that had to be computed.", () => cache.asked.misses);
	}

	/** Counts an item that was answered. */
	count(outcome: "score" | "error"): void {
		this.#items.inc({ outcome });
	}
}
