import { ArchgenError } from "@archgen/errors";
import { ccnf, createClient, gvae, type RpcClient, readPem, seqgen, zcproxy } from "@archgen/rpc";
import type { OrchestratorSettings } from "./settings.js";

/** Clients of the services that the orchestrator composes. */
export interface Upstream {
	readonly zcProxy: RpcClient<typeof zcproxy.ZcProxyServiceService>;
	readonly gvae: RpcClient<typeof gvae.GvaeServiceService>;
	readonly ccnf: RpcClient<typeof ccnf.CcnfServiceService>;
	readonly seqgen: RpcClient<typeof seqgen.SeqgenServiceService>;
	close(): void;
}

/** Creates the clients; none connects before it is used. */
export function createUpstream({ upstream, scoring }: OrchestratorSettings): Upstream {
	const { token, authorityFile, deadlineMs } = upstream;
	const tls =
		authorityFile === undefined ? undefined : { authority: readPem("upstream.authorityFile", authorityFile) };
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
	return { ...clients, close };
}

/** Waits for a call to a service; that it cannot be reached is said with its name, for the one who has to start it. */
export async function calling<T>(service: string, call: Promise<T>): Promise<T> {
	try {
		return await call;
	} catch (failure) {
		if (!(failure instanceof ArchgenError) || failure.category !== "UNAVAILABLE") {
			throw failure;
		}
		throw new ArchgenError({
			category: "UNAVAILABLE",
			reason: failure.reason,
			message: `The ${service} service cannot answer (${failure.message}); is it running?`,
			metadata: { ...failure.metadata, service },
			retryAfterMs: failure.retryAfterMs,
			cause: failure,
		});
	}
}
