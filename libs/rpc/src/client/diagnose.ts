import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ArchgenError } from "@archgen/errors";
import { type ChannelConfig, splitAddress } from "./channel.js";

/** Time that a server has for each of the two handshakes, in milliseconds. */
const HANDSHAKE_MS = 1_500;
/** Time after a handshake in which a server refuses a client without a certificate. */
const REFUSAL_MS = 150;

/** How a handshake ended: the code of its error, or undefined when it went well. */
type Ending = string | undefined;

/**
 * Finds out why nothing can be said to a server although it may be running: it speaks TLS and the client does not or the other way round, or one
 * of the two does not trust the other.
 *
 * @returns the error to throw, or undefined where waiting may help: nobody listens, or the transport is in order
 */
export async function diagnose({ address, tls }: ChannelConfig): Promise<ArchgenError | undefined> {
	const { host, port } = splitAddress(address.split(",")[0]!.trim());
	if ((await ending(connectTcp({ host, port }), "connect")) !== undefined) return undefined;
	const handshake = (trusting: boolean) =>
		ending(
			connectTls({
				host,
				port,
				servername: /^[\d.:]+$/.test(host) ? "" : host,
				ALPNProtocols: ["h2"],
				rejectUnauthorized: !trusting,
				ca: tls?.authority && [Buffer.from(tls.authority)],
				cert: tls?.certificate && Buffer.from(tls.certificate),
				key: tls?.privateKey && Buffer.from(tls.privateKey),
			}),
			"secureConnect",
			REFUSAL_MS,
		);
	if (tls === undefined) {
		const code = await handshake(true);
		return code === undefined || isCertificateWanted(code)
			? problem(address, "SERVER_SPEAKS_TLS", "speaks TLS: name the authority of its certificate (--ca FILE)")
			: undefined;
	}
	const code = await handshake(false);
	if (code === undefined) return undefined;
	if (isCertificateWanted(code)) {
		return problem(
			address,
			"CLIENT_CERTIFICATE_REQUIRED",
			"wants a certificate of its callers (--cert FILE --key FILE)",
		);
	}
	const trusted = await handshake(true);
	if (trusted === undefined || isCertificateWanted(trusted)) {
		return problem(
			address,
			"CERTIFICATE_NOT_TRUSTED",
			`has a certificate that cannot be trusted (${code}): name its authority (--ca FILE) and one of its names`,
		);
	}
	return problem(
		address,
		"SERVER_SPEAKS_PLAINTEXT",
		"does not speak TLS: leave out authority and certificate (--ca, --cert)",
	);
}

/** Waits for an event of a socket, and a little longer for an error that follows it. */
function ending(socket: Socket, event: string, longer = 0): Promise<Ending> {
	return new Promise((resolve) => {
		const end = (code: Ending) => {
			clearTimeout(timer);
			socket.destroy();
			resolve(code);
		};
		const timer = setTimeout(() => end("TIMEOUT"), HANDSHAKE_MS);
		socket.once(event, () => setTimeout(() => end(undefined), longer));
		socket.on("error", ({ code = "ERROR" }: NodeJS.ErrnoException) => end(code));
	});
}

function isCertificateWanted(code: Ending): boolean {
	return (
		code !== undefined && /CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE|ALERT_BAD_CERTIFICATE/.test(code)
	);
}

function problem(address: string, reason: string, says: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason,
		message: `The server at ${address} ${says}.`,
		metadata: { address },
	});
}
