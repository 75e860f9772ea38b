import { retry } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";
import {
	type ClientConfig,
	ccnf,
	createClient,
	gvae,
	type RpcClient,
	readPem,
	readTokens,
	seqgen,
	zcproxy,
} from "@archgen/rpc";
import type { OrchestratorSettings } from "./settings.js";

/** Clients of the services that the orchestrator composes. */
export interface Upstream {
	readonly zcProxy: RpcClient<typeof zcproxy.ZcProxyServiceService>;
	readonly gvae: RpcClient<typeof gvae.GvaeServiceService>;
	readonly ccnf: RpcClient<typeof ccnf.CcnfServiceService>;
	readonly seqgen: RpcClient<typeof seqgen.SeqgenServiceService>;
	/** Time for which a service that cannot be reached is asked again, in milliseconds. */
	readonly patienceMs: number;
	close(): void;
}

/** Creates the clients; none connects before it is used. */
export function createUpstream({ upstream, scoring }: OrchestratorSettings): Upstream {
	const { deadlineMs, tokenFile } = upstream;
	const [read] = tokenFile === undefined ? [] : readTokens("upstream.tokenFile", [tokenFile]);
	const token = upstream.token ?? read;
	const tls = upstreamTls(upstream);
	const config = { token, tls, deadlineMs };
	const clients = {
		zcProxy: createClient(zcproxy.ZcProxyServiceService, {
			...config,
			address: upstream.zcProxy,
			deadlineMs: scoring.deadlineMs,
		}),
		gvae: createClient(gvae.GvaeServiceService, { ...config, address: upstream.gvae }),
		ccnf: createClient(ccnf.CcnfServiceService, { ...config, address: upstream.ccnf }),
		seqgen: createClient(seqgen.SeqgenServiceService, { ...config, address: upstream.seqgen }),
	};
	const close = () => {
		for (const client of Object.values(clients)) {
			client.close();
		}
	};
	return { ...clients, patienceMs: upstream.patienceMs, close };
}

function upstreamTls({
	authorityFile,
	certificateFile,
	privateKeyFile,
}: OrchestratorSettings["upstream"]): ClientConfig["tls"] {
	if (authorityFile === undefined) return undefined;
	return {
		authority: readPem("upstream.authorityFile", authorityFile),
		...(certificateFile && { certificate: readPem("upstream.certificateFile", certificateFile) }),
		...(privateKeyFile && { privateKey: readPem("upstream.privateKeyFile", privateKeyFile) }),
	};
}

/** How a call to a service is made. */
export interface CallingOptions {
	/** Time for which a service that cannot be reached is asked again, in milliseconds. */
	readonly patienceMs: number;
	readonly signal?: AbortSignal | undefined;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 1_000;

/**
 * Calls a service, again while it restarts. That it cannot be reached in the end is said with its name, for the one who has to start it.
 *
 * @param call changes nothing when it is made twice
 */
export async function calling<T>(
	service: string,
	call: () => Promise<T>,
	{ patienceMs, signal }: CallingOptions,
): Promise<T> {
	const isUnavailable = (failure: unknown): failure is ArchgenError =>
		failure instanceof ArchgenError && failure.category === "UNAVAILABLE";
	const options = { mayPass: isUnavailable, firstDelayMs: FIRST_DELAY_MS, longestDelayMs: LONGEST_DELAY_MS };
	return retry(call, { ...options, patienceMs, signal }).catch((failure: unknown) => {
		throw isUnavailable(failure) ? unreachable(service, failure) : failure;
	});
}

function unreachable(service: string, failure: ArchgenError): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: failure.reason === "UNAVAILABLE" ? "SERVICE_UNREACHABLE" : failure.reason,
		message: `The ${service} service cannot answer (${failure.message}); is it running?`,
		metadata: { ...failure.metadata, service },
		retryAfterMs: failure.retryAfterMs,
		cause: failure,
	});
}
