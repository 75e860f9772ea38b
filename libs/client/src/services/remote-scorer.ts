import { ArchgenError } from "@archgen/errors";
import type { ProxyScorer } from "@archgen/pipeline";
import type { ProxyResult, ScoreReport, ScoreRequest } from "@archgen/proxies";
import { type ClientConfig, createClient, itemToError, type RpcClient, zcproxy } from "@archgen/rpc";
import type { Network } from "@archgen/search-space";
import { countsFromMessage, evaluateNetwork } from "@archgen/wire";
import { reach } from "./connection.js";

type ZcProxyClient = RpcClient<typeof zcproxy.ZcProxyServiceService>;

/**
 * One or many zc-proxy services as a scorer.
 *
 * @param connection to one or many services
 * @throws ArchgenError that names `--address` when no service answers there
 */
export async function connectScorer(
	connection: ClientConfig,
	signal?: AbortSignal,
): Promise<RemoteProxyScorer> {
	await reach(connection, signal);
	return new RemoteProxyScorer(createClient(zcproxy.ZcProxyServiceService, connection));
}

/** See {@link connectScorer}. */
export class RemoteProxyScorer implements ProxyScorer {
	constructor(private readonly client: Pick<ZcProxyClient, "evaluateBatch" | "close">) {}

	/**
	 * Scores a network of ours; reports of layers do not travel.
	 *
	 * @throws ArchgenError FAILED_PRECONDITION `IMAGES_DIFFER` when a service looked at other images than the request has
	 */
	async score(request: ScoreRequest, { signal }: { readonly signal?: AbortSignal }): Promise<ScoreReport> {
		const { network } = request;
		const outcome = (await evaluateNetwork(this.client, network as Network, settingsOf(request), signal))!;
		if (outcome.$case === "error") throw itemToError(outcome.value);
		const { values, counts, dataIdentity } = outcome.value;
		if (dataIdentity !== request.batch.identity) throw imagesDiffer(request.batch.identity, dataIdentity);
		const results = Object.entries(values).map(([name, value]) => [name, resultOf(value)]);
		return { values: Object.fromEntries(results), counts: countsFromMessage(counts!), layers: [] };
	}

	close(): void {
		this.client.close();
	}
}

function settingsOf({ batch, proxies, seed, bnMode = "eval" }: ScoreRequest) {
	const { BATCH_NORM_MODE_EVAL, BATCH_NORM_MODE_TRAIN } = zcproxy.BatchNormMode;
	return {
		proxies: [...proxies],
		batchSize: batch.shape[0],
		seed: BigInt(seed),
		bnMode: bnMode === "eval" ? BATCH_NORM_MODE_EVAL : BATCH_NORM_MODE_TRAIN,
	};
}

function resultOf({ outcome }: zcproxy.ProxyValue): ProxyResult {
	const { $case, value } = outcome!;
	return $case === "value" ? { ok: true, value } : { ok: false, ...value };
}

function imagesDiffer(wanted: string, used: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "IMAGES_DIFFER",
		message: `A service at --address scores on the images ${used}, not on ${wanted}; start it with the same --images, or name its file here.`,
		metadata: { wanted, used },
	});
}
