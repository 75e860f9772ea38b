import { setMaxListeners } from "node:events";
import { ArchgenError } from "@archgen/errors";
import { Server, type ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import type { Logger } from "../logger.js";
import { serviceName } from "../service-definition.js";
import { type AdapterOptions, adaptMethod } from "./adapters.js";
import { bearerTokenInterceptor } from "./authentication.js";
import { ConcurrencyLimit } from "./concurrency.js";
import { requireSecureAddress, type ServerTls, serverCredentials } from "./credentials.js";
import { dropCancelled } from "./drop-cancelled.js";
import type { ImplementedService } from "./implementation.js";
import { DEFAULT_LIMITS, type ServerLimits, serverOptions } from "./limits.js";
import { createReflection } from "./reflection.js";
import { shutDown } from "./shut-down.js";

/** What {@link createServer} needs. */
export interface ServerConfig {
	readonly services: readonly ImplementedService[];
	readonly logger: Logger;
	/** Host to bind, `127.0.0.1` unless given. */
	readonly host?: string;
	/** Port to bind; 0, the default, takes a free one. */
	readonly port?: number;
	readonly limits?: Partial<ServerLimits>;
	readonly tls?: ServerTls;
	/** Bearer tokens that callers may show; none means that no token is asked for. */
	readonly tokens?: readonly string[];
}

/** A server that answers calls. */
export interface RunningServer {
	readonly host: string;
	readonly port: number;
	/** `host:port`, as clients take it. */
	readonly address: string;
	/** Calls in progress, health and reflection not counted. */
	activeCalls(): number;
	/** Sets the health of one name, e.g. of a loaded model. Services are SERVING from the start. */
	setHealth(name: string, serving: boolean): void;
	/**
	 * Turns health to NOT_SERVING, takes no new calls, lets running ones finish for `drainMs`, then answers them with
	 * UNAVAILABLE. Idempotent.
	 */
	stop(): Promise<void>;
}

/**
 * Starts a gRPC server with health checking and reflection.
 *
 * @throws FAILED_PRECONDITION when the address is not loopback and TLS or tokens are missing, or when it cannot be bound
 */
export async function createServer(config: ServerConfig): Promise<RunningServer> {
	const { host = "127.0.0.1", tokens = [], services, logger } = config;
	requireSecureAddress(host, config.tls, tokens);
	const limits = { ...DEFAULT_LIMITS, ...config.limits };
	const limit = new ConcurrencyLimit(limits.maxConcurrentCalls, limits.retryAfterMs);
	const interceptors = [dropCancelled, ...(tokens.length > 0 ? [bearerTokenInterceptor(tokens)] : [])];
	const server = new Server({ ...serverOptions(limits), interceptors });
	const names = services.map(({ definition }) => serviceName(definition));
	const health = new HealthImplementation(
		Object.fromEntries(["", ...names].map((name) => [name, "SERVING"])),
	);
	const leaving = new AbortController();
	// Every call in progress listens; Node would take more than ten for a leak.
	setMaxListeners(0, leaving.signal);
	addServices(server, services, { logger, limit, leaving: leaving.signal });
	health.addToServer(server);
	createReflection(names).addToServer(server);
	const port = await bind(server, host, config.port ?? 0, serverCredentials(config.tls));
	let stopping: Promise<void> | undefined;
	return {
		host,
		port,
		address: `${bracketed(host)}:${port}`,
		activeCalls: () => limit.active,
		setHealth: (name, serving) => health.setStatus(name, serving ? "SERVING" : "NOT_SERVING"),
		stop: () => {
			stopping ??= shutDown(server, limits.drainMs, {
				beforeDrain: () => {
					for (const name of ["", ...names]) {
						health.setStatus(name, "NOT_SERVING");
					}
				},
				breakOff: () => leaving.abort(stopped()),
			});
			return stopping;
		},
	};
}

function addServices(server: Server, services: readonly ImplementedService[], options: AdapterOptions): void {
	for (const { definition, implementation } of services) {
		const handlers: UntypedServiceImplementation = {};
		for (const [name, method] of Object.entries(definition)) {
			handlers[name] = adaptMethod(method, implementation[name], options);
		}
		server.addService(definition, handlers);
	}
}

function bind(server: Server, host: string, port: number, credentials: ServerCredentials): Promise<number> {
	return new Promise((resolve, reject) => {
		server.bindAsync(`${bracketed(host)}:${port}`, credentials, (failure, bound) => {
			if (failure) {
				reject(cannotBind(host, port, failure));
			} else {
				resolve(bound);
			}
		});
	});
}

function bracketed(host: string): string {
	return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function cannotBind(host: string, port: number, cause: Error): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "CANNOT_BIND",
		message: `Cannot listen on ${bracketed(host)}:${port}; choose another port or 0 for a free one.`,
		metadata: { host, port: String(port) },
		cause,
	});
}

function stopped(): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: "SERVER_STOPPED",
		message: "The server stopped before the call was done; ask another instance.",
	});
}
