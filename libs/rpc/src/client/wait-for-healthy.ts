import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { Client, Metadata } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import type { MethodDefinition } from "../service-definition.js";
import { callUnary } from "./calls.js";
import { type ChannelConfig, channelCredentials, channelOptions, channelTarget } from "./channel.js";
import { diagnose } from "./diagnose.js";

/** Settings of {@link waitForHealthy}. */
export interface WaitOptions extends ChannelConfig {
	/** Name whose health is asked; the whole server unless given. */
	readonly service?: string;
	/** Time to wait at most, in milliseconds; 30,000 unless given. */
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
}

const POLL_MS = 50;
/** Deadline of one check: a server that takes connections and says nothing is looked at more closely. */
const CHECK_MS = 1_000;

/**
 * Waits until a server says that it serves.
 *
 * @throws UNAVAILABLE, reason NOT_HEALTHY, after the timeout; FAILED_PRECONDITION at once where TLS or certificates do not fit
 *   (SERVER_SPEAKS_TLS, SERVER_SPEAKS_PLAINTEXT, CERTIFICATE_NOT_TRUSTED, CLIENT_CERTIFICATE_REQUIRED); CANCELLED when the signal fires
 */
export async function waitForHealthy(options: WaitOptions): Promise<void> {
	const timeoutMs = options.timeoutMs ?? 30_000;
	const end = Date.now() + timeoutMs;
	const single = { ...options, maxAttempts: 1 };
	const client = new Client(
		channelTarget(options.address),
		channelCredentials(single),
		channelOptions(single, []),
	);
	let diagnosed = false;
	try {
		while (!(await isServing(client, options, end))) {
			throwIfAborted(options.signal);
			if (!diagnosed) {
				diagnosed = true;
				const problem = await diagnose(options);
				if (problem !== undefined) throw problem;
			}
			if (Date.now() >= end) {
				throw notHealthy(options, timeoutMs);
			}
			await sleep(POLL_MS);
		}
	} finally {
		client.close();
	}
}

async function isServing(
	client: Client,
	{ service = "", signal }: WaitOptions,
	deadline: number,
): Promise<boolean> {
	const method = healthService.Check as unknown as MethodDefinition<unknown, { status: string }>;
	try {
		const reply = await callUnary(
			{
				client,
				method,
				metadata: new Metadata(),
				deadline: Math.min(deadline, Date.now() + CHECK_MS),
				signal,
			},
			{ service },
		);
		return (reply as { status: string }).status === "SERVING";
	} catch (failure) {
		if (failure instanceof ArchgenError && failure.category === "CANCELLED") {
			throw failure;
		}
		return false;
	}
}

function notHealthy({ address, service }: WaitOptions, timeoutMs: number): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: "NOT_HEALTHY",
		message: `${service || "The server"} at ${address} did not become healthy within ${timeoutMs} ms; is it running?`,
		metadata: { address, service: service ?? "" },
	});
}
