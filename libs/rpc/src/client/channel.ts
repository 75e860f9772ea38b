import { isIPv4 } from "node:net";
import { invalidArgument } from "@archgen/errors";
import { type ChannelCredentials, type ChannelOptions, credentials } from "@grpc/grpc-js";

/** How a client reaches a service. */
export interface ChannelConfig {
	/** `host:port`; a DNS name stands for all its addresses. Several IPv4 addresses may be joined by commas. */
	readonly address: string;
	/** TLS; plaintext unless given. An empty object trusts the system's authorities. */
	readonly tls?: {
		readonly authority?: string | Buffer;
		/** For mutual TLS. */
		readonly certificate?: string | Buffer;
		readonly privateKey?: string | Buffer;
	};
	/** Largest message in either direction, in bytes; 64 MiB unless given. */
	readonly maxMessageBytes?: number;
	/** Attempts of a repeatable call that meets UNAVAILABLE, the first included; 4 unless given, 1 never retries. */
	readonly maxAttempts?: number;
}

/**
 * Target in the form that makes grpc-js see every address: a DNS name, or a list of IPv4 addresses.
 *
 * @throws INVALID_ARGUMENT naming `address` for what is not `host:port`, and for names in a list
 */
export function channelTarget(address: string): string {
	for (const part of address.split(",")) splitAddress(part.trim());
	if (!address.includes(",")) {
		return address.trim();
	}
	const addresses = address.split(",").map((part) => part.trim().replace(/^localhost:/, "127.0.0.1:"));
	const foreign = addresses.find((part) => !isIPv4(part.slice(0, part.lastIndexOf(":"))));
	if (foreign !== undefined) {
		throw invalidArgument("address", `a list takes IPv4 addresses with ports, not ${foreign}.`);
	}
	return `ipv4:${addresses.join(",")}`;
}

/**
 * Spreads calls over all addresses and repeats, elsewhere, those that meet UNAVAILABLE.
 *
 * @param repeatable methods for which that is safe; none of the others is ever made twice
 */
export function channelOptions(
	config: ChannelConfig,
	repeatable: readonly { readonly service: string; readonly method: string }[],
): ChannelOptions {
	const maxAttempts = config.maxAttempts ?? 4;
	const maxMessageBytes = config.maxMessageBytes ?? 64 * 2 ** 20;
	const retryPolicy = {
		maxAttempts,
		initialBackoff: "0.1s",
		maxBackoff: "2s",
		backoffMultiplier: 2,
		retryableStatusCodes: ["UNAVAILABLE"],
	};
	return {
		"grpc.service_config": JSON.stringify({
			loadBalancingConfig: [{ round_robin: {} }],
			methodConfig: maxAttempts > 1 && repeatable.length > 0 ? [{ name: repeatable, retryPolicy }] : [],
		}),
		"grpc.enable_retries": maxAttempts > 1 ? 1 : 0,
		"grpc.max_receive_message_length": maxMessageBytes,
		"grpc.max_send_message_length": maxMessageBytes,
		// New instances behind a DNS name are found within this time.
		"grpc.dns_min_time_between_resolutions_ms": 5_000,
		"grpc.initial_reconnect_backoff_ms": 100,
		"grpc.max_reconnect_backoff_ms": 2_000,
		// A server that vanished without a word is noticed within this time and the next.
		"grpc.keepalive_time_ms": 30_000,
		"grpc.keepalive_timeout_ms": 10_000,
	};
}

/**
 * Host and port of an address; an IPv6 address stands in brackets.
 *
 * @throws INVALID_ARGUMENT naming `address`
 */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
	const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(address)?.[0];
	if (scheme !== undefined) {
		throw invalidArgument("address", `must be host:port without ${scheme}, not ${JSON.stringify(address)}.`);
	}
	const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s/[\]]+)):(\d{1,5})$/.exec(address) ?? [];
	const [host, port] = [bracketed ?? plain, Number(digits)];
	if (host === undefined || port < 1 || port > 65_535) {
		throw invalidArgument(
			"address",
			`must be host:port with a port from 1 to 65535, not ${JSON.stringify(address)}.`,
		);
	}
	return { host, port };
}

/** Credentials of the channel. */
export function channelCredentials({ tls }: ChannelConfig): ChannelCredentials {
	if (!tls) {
		return credentials.createInsecure();
	}
	return credentials.createSsl(bytes(tls.authority), bytes(tls.privateKey), bytes(tls.certificate));
}

function bytes(pem: string | Buffer | undefined): Buffer | null {
	return pem === undefined ? null : Buffer.from(pem);
}
