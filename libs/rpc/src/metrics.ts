import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ArchgenError } from "@archgen/errors";
import { status } from "@grpc/grpc-js";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { CallObserver } from "./server/observe.js";

/** Upper bounds of the histogram of latencies, in seconds: from a health check to a request with a hundred candidates. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300, 1200];

/** Gauges of prom-client whose names say that they were counters, against the rules of promtool; the same by type are told without `_total`. */
const MISNAMED = [
	"nodejs_active_handles_total",
	"nodejs_active_requests_total",
	"nodejs_active_resources_total",
];

/** What a service tells about itself in the form of Prometheus: its calls, its process, and what it adds to the registry. */
export class ServiceMetrics {
	readonly registry = new Registry();
	readonly #calls = new Counter({
		name: "archgen_rpc_calls_total",
		help: "Calls that have ended, by method and gRPC code.",
		labelNames: ["method", "code"],
		registers: [this.registry],
	});
	readonly #duration = new Histogram({
		name: "archgen_rpc_duration_seconds",
		help: "Time from the arrival of a call to its end, by method.",
		labelNames: ["method"],
		buckets: BUCKETS,
		registers: [this.registry],
	});
	readonly #active = new Gauge({
		name: "archgen_rpc_active_calls",
		help: "Calls in progress, by method.",
		labelNames: ["method"],
		registers: [this.registry],
	});

	constructor() {
		collectDefaultMetrics({ register: this.registry });
		for (const name of MISNAMED) this.registry.removeSingleMetric(name);
	}

	/** Told of every call. */
	readonly observe: CallObserver = (method) => {
		this.#active.inc({ method });
		return ({ code, durationMs }) => {
			this.#active.dec({ method });
			this.#calls.inc({ method, code: status[code] });
			this.#duration.observe({ method }, durationMs / 1000);
		};
	};

	/** Adds a figure that is read when somebody asks. */
	gauge(name: string, help: string, read: () => number): void {
		new Gauge({
			name,
			help,
			registers: [this.registry],
			collect() {
				this.set(read());
			},
		});
	}

	/** Adds a sum that only grows, kept elsewhere and read when somebody asks. */
	counter(name: string, help: string, read: () => number): void {
		new Counter({
			name,
			help,
			registers: [this.registry],
			collect() {
				this.reset();
				this.inc(read());
			},
		});
	}
}

/** Settings of {@link serveMetrics}. */
export interface MetricsSettings {
	/** None unless given. */
	readonly metricsPort?: number | undefined;
	readonly metricsHost: string;
}

/** An HTTP server that runs. */
export interface MetricsServer {
	/** `host:port`; undefined where none was asked for. */
	readonly address: string | undefined;
	stop(): Promise<void>;
}

/**
 * Serves the metrics at `/metrics`, in plaintext: they hold numbers only.
 *
 * @throws FAILED_PRECONDITION when the address cannot be bound
 */
export async function serveMetrics(
	{ registry }: ServiceMetrics,
	{ metricsHost: host, metricsPort: port }: MetricsSettings,
): Promise<MetricsServer> {
	if (port === undefined) return { address: undefined, stop: async () => {} };
	const server = createServer(({ method, url }, response) => {
		if (url !== "/metrics") response.writeHead(404).end();
		else if (method !== "GET" && method !== "HEAD") response.writeHead(405, { allow: "GET, HEAD" }).end();
		else
			void registry.metrics().then(
				(text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
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
