import { isIPv4 } from "node:net";
import { ArchgenError } from "@archgen/errors";
import { ServerCredentials } from "@grpc/grpc-js";

/** Certificate of a server, PEM encoded. */
export interface ServerTls {
	readonly certificate: string | Buffer;
	readonly privateKey: string | Buffer;
	/** When given, callers must show a certificate that this authority signed (mutual TLS). */
	readonly clientAuthority?: string | Buffer;
}

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
	return (
		host === "localhost" || host === "::1" || host === "[::1]" || (isIPv4(host) && host.startsWith("127."))
	);
}

/**
 * Refuses to serve other machines in the clear or to everybody.
 *
 * @throws FAILED_PRECONDITION, reason INSECURE_ADDRESS, when the host is not loopback and TLS or tokens are missing
 */
export function requireSecureAddress(
	host: string,
	tls: ServerTls | undefined,
	tokens: readonly string[],
): void {
	const missing = [tls ? [] : ["TLS"], tokens.length > 0 ? [] : ["bearer tokens"]].flat();
	if (isLoopback(host) || missing.length === 0) {
		return;
	}
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "INSECURE_ADDRESS",
		message: `Binding to ${host} without ${missing.join(" and ")} is refused; configure both or bind to 127.0.0.1.`,
		metadata: { host },
	});
}

/** grpc-js credentials: TLS when it is configured, plaintext otherwise. */
export function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
	if (!tls) {
		return ServerCredentials.createInsecure();
	}
	const authority = tls.clientAuthority === undefined ? null : Buffer.from(tls.clientAuthority);
	const pair = { private_key: Buffer.from(tls.privateKey), cert_chain: Buffer.from(tls.certificate) };
	return ServerCredentials.createSsl(authority, [pair], authority !== null);
}
