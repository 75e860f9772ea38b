import { setMaxListeners } from "node:events";
import { ArchgenError } from "@archgen/errors";
import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import type { Logger } from "../logger.js";
import { type ServiceDefinition, serviceName } from "../service-definition.js";
import { type AdapterOptions, adaptMethod } from "./adapters.js";
import { limitArrivals } from "./arrival.js";
import { bearerTokenInterceptor } from "./authentication.js";
import { lenientDeserialize } from "./clean-request.js";
import { ConcurrencyLimit } from "./concurrency.js";
import { requireSecureAddress, type ServerTls, serverCredentials } from "./credentials.js";
import { dropCancelled } from "./drop-cancelled.js";
import { watchExpiry } from "./expiry.js";
import type { ImplementedService } from "./implementation.js";
import { DEFAULT_LIMITS, type ServerLimits, serverOptions, streamLifeMs } from "./limits.js";
import { bracketed, listen } from "./listen.js";
import { type CallObserver, logCall, observeCalls } from "./observe.js";
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
	/** Bearer tokens of administrators; with any of them, methods that change what others get ask for one. */
	readonly adminTokens?: readonly string[];
	/** Told of every call, health checks included. */
	readonly observe?: CallObserver;
}

/** A server that answers calls. */
export interface RunningServer {
	readonly host: string;
	readonly port: number;
	/** `host:port`, as clients take it. */
	readonly address: string;
	/** Calls in progress, health, reflection and waiting calls not counted. */
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
 * Starts a gRPC server with health checking and reflection. Health of the name `readiness` tells whether there are places for calls.
 *
 * @throws FAILED_PRECONDITION when the address is not loopback and TLS or tokens are missing, or when it cannot be bound
 */
export async function createServer(config: ServerConfig): Promise<RunningServer> {
	const { host = "127.0.0.1", tokens = [], adminTokens = [], services, logger } = config;
	requireSecureAddress(host, config.tls, [...tokens, ...adminTokens]);
	const limits = { ...DEFAULT_LIMITS, ...config.limits };
	const limit = new ConcurrencyLimit(limits.maxConcurrentCalls, limits.retryAfterMs, (saturated) =>
		health.setStatus(READINESS, saturated ? "NOT_SERVING" : "SERVING"),
	);
	const waiting = new ConcurrencyLimit(limits.maxWaitingCalls, limits.retryAfterMs);
	const { observe = () => () => {} } = config;
	const interceptors = [
		observeCalls((method) => {
			const end = observe(method);
			return (report) => {
				end(report);
				logCall(logger, report);
			};
		}),
		limitArrivals(limits),
		dropCancelled,
		...(tokens.length + adminTokens.length > 0 ? [bearerTokenInterceptor({ tokens, adminTokens })] : []),
	];
	const server = new Server({ ...serverOptions(limits), interceptors });
	const names = services.map(({ definition }) => serviceName(definition));
	const health = new HealthImplementation(
		Object.fromEntries(["", READINESS, ...names].map((name) => [name, "SERVING"])),
	);
	const leaving = new AbortController();
	// Every call in progress listens; Node would take more than ten for a leak.
	setMaxListeners(0, leaving.signal);
	const options = {
		logger,
		limit,
		leaving: leaving.signal,
		lifeMs: streamLifeMs(limits),
		idleMs: limits.maxStreamIdleMs,
	};
	addServices(server, services, options, waiting);
	health.addToServer(server);
	createReflection(names).addToServer(server);
	const { maxConnections } = limits;
	const listener = await listen(server, serverCredentials(config.tls), {
		host,
		port: config.port ?? 0,
		maxConnections,
		logger,
	});
	const { port } = listener;
	const stopWatching = config.tls ? watchExpiry(config.tls, logger) : () => {};
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
					listener.close();
					stopWatching();
					for (const name of ["", READINESS, ...names]) {
						health.setStatus(name, "NOT_SERVING");
					}
				},
				breakOff: () => leaving.abort(stopped()),
			});
			return stopping;
		},
	};
}

function addServices(
	server: Server,
	services: readonly ImplementedService[],
	options: AdapterOptions,
	waitingLimit: ConcurrencyLimit,
): void {
	for (const { definition, implementation, waiting = [] } of services) {
		const handlers: UntypedServiceImplementation = {};
		const methods: Record<string, ServiceDefinition[string]> = {};
		for (const [name, method] of Object.entries(definition)) {
			const limit = waiting.includes(name) ? waitingLimit : options.limit;
			handlers[name] = adaptMethod(method, implementation[name], { ...options, limit });
			methods[name] = { ...method, requestDeserialize: lenientDeserialize(method) };
		}
		server.addService(methods, handlers);
	}
}

/** Health of this name is NOT_SERVING while all places are taken: balancers may send callers elsewhere. */
const READINESS = "readiness";

function stopped(): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: "SERVER_STOPPED",
		message: "The server stopped before the call was done; ask another instance.",
	});
}
