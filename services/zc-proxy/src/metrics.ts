import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ArchgenError } from "@archgen/errors";
import type { ScoringPool } from "@archgen/proxies";
import { Counter, Gauge, Registry } from "prom-client";
import type { Admission } from "./admission.js";
import type { ScoreCache } from "./score-cache.js";

/** Where the numbers come from. */
export interface MetricSources {
	readonly admission: Pick<Admission, "taken">;
	readonly places: number;
	readonly pool: Pick<ScoringPool, "load">;
	readonly cache: Pick<ScoreCache, "asked">;
}

/** What the service tells about itself, in the form of Prometheus. */
export class Metrics {
	readonly #registry = new Registry();
	readonly #items = new Counter({
		name: "archgen_zc_proxy_items_total",
		help: "Items answered, by outcome.",
		labelNames: ["outcome"],
		registers: [this.#registry],
	});

	constructor({ admission, places, pool, cache }: MetricSources) {
		this.#gauge("queue_depth", "Items that run or wait; what to scale on.", () => admission.taken);
		this.#gauge("queue_places", "Items that may run or wait before more are refused.", () => places);
		this.#gauge("workers_busy", "Scoring processes at work.", () => pool.load.running);
		this.#gauge(
			"cache_hits",
			"Outcomes of proxies answered from memory since the start.",
			() => cache.asked.hits,
		);
		this.#gauge("cache_misses", "Outcomes of proxies that had to be computed.", () => cache.asked.misses);
	}

	/** Counts an item that was answered. */
	count(outcome: "score" | "error"): void {
		this.#items.inc({ outcome });
	}

	/** All metrics in Prometheus' text format. */
	text(): Promise<string> {
		return this.#registry.metrics();
	}

	#gauge(name: string, help: string, read: () => number): void {
		new Gauge({
			name: `archgen_zc_proxy_${name}`,
			help,
			registers: [this.#registry],
			collect() {
				this.set(read());
			},
		});
	}
}

/** An HTTP server that runs. */
export interface MetricsServer {
	/** `host:port`. */
	readonly address: string;
	stop(): Promise<void>;
}

/**
 * Serves the metrics at `/metrics`, in plaintext: they hold numbers only.
 *
 * @throws FAILED_PRECONDITION when the address cannot be bound
 */
export async function serveMetrics(metrics: Metrics, host: string, port: number): Promise<MetricsServer> {
	const server = createServer((request, response) => {
		if (request.method !== "GET" || request.url !== "/metrics") {
			response.writeHead(404).end();
			return;
		}
		void metrics.text().then(
			(text) => response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(text),
			() => response.writeHead(500).end(),
		);
	});
	await listen(server, host, port);
	return {
		address: `${host}:${(server.address() as AddressInfo).port}`,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function listen(server: Server, host: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", (cause) =>
			reject(
				new ArchgenError({
					category: "FAILED_PRECONDITION",
					reason: "CANNOT_BIND",
					message: `Cannot listen on ${host}:${port} for metrics; choose another metricsPort.`,
					cause,
				}),
			),
		);
		server.listen(port, host, resolve);
	});
}
