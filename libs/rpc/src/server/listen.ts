import { type AddressInfo, createServer, type Server as NetServer } from "node:net";
import { ArchgenError } from "@archgen/errors";
import type { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Logger } from "../logger.js";

/** Where a server listens. */
export interface Listener {
	readonly port: number;
	/** Takes no more connections; those that there are go on. */
	close(): void;
}

/**
 * Binds an address and hands connections to a gRPC server, up to a number of them.
 *
 * @throws FAILED_PRECONDITION, reason CANNOT_BIND
 */
export function listen(
	server: Server,
	credentials: ServerCredentials,
	{
		host,
		port,
		maxConnections,
		logger,
	}: Readonly<{ host: string; port: number; maxConnections: number; logger: Logger }>,
): Promise<Listener> {
	const injector = server.createConnectionInjector(credentials);
	const sockets = createServer({ noDelay: true }, (socket) => injector.injectConnection(socket));
	sockets.maxConnections = maxConnections;
	sockets.on("drop", () => logger.warn({ maxConnections }, "connection refused: too many are open"));
	return new Promise((resolve, reject) => {
		sockets.once("error", (cause) => reject(cannotBind(host, port, cause)));
		sockets.listen(port, host.replace(/^\[|\]$/g, ""), () => resolve(listenerOf(sockets)));
	});
}

function listenerOf(sockets: NetServer): Listener {
	return { port: (sockets.address() as AddressInfo).port, close: () => void sockets.close() };
}

/** `host` as it stands before a port. */
export function bracketed(host: string): string {
	return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function cannotBind(host: string, port: number, cause: NodeJS.ErrnoException): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "CANNOT_BIND",
		message: `Cannot listen on ${bracketed(host)}:${port} (${cause.code ?? cause.message}); choose another port or 0 for a free one.`,
		metadata: { host, port: String(port) },
		cause,
	});
}
