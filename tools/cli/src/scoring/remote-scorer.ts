import { ArchgenError } from "@archgen/errors";
import type { ProxyResult, ScoreReport, ScoreRequest } from "@archgen/proxies";
import { createClient, itemToError, type RpcClient, whileBusy, zcproxy } from "@archgen/rpc";
import type { Network } from "@archgen/search-space";
import { countsFromMessage, networkToMessage } from "@archgen/wire";
import { reach } from "../services/reach.js";
import type { Scorer } from "./score-twice.js";

type ZcProxyClient = RpcClient<typeof zcproxy.ZcProxyServiceService>;

/**
 * One or many zc-proxy services as a scorer. Each network is a call of its own, so that calls spread over all services, and those of one that goes
 * away are made again elsewhere.
 *
 * @param address as in `ChannelConfig`
 * @throws ArchgenError that names `--address` when no service answers there
 */
export async function connectScorer(address: string, signal?: AbortSignal): Promise<RemoteScorer> {
	await reach(address, signal);
	return new RemoteScorer(createClient(zcproxy.ZcProxyServiceService, { address }));
}

/** See {@link connectScorer}. */
export class RemoteScorer implements Scorer {
	constructor(private readonly client: Pick<ZcProxyClient, "evaluateBatch" | "close">) {}

	/**
	 * Scores a network of ours; reports of layers do not travel.
	 *
	 * @throws ArchgenError FAILED_PRECONDITION `IMAGES_DIFFER` when a service looked at other images than the request has
	 */
	async score(request: ScoreRequest, { signal }: { readonly signal?: AbortSignal }): Promise<ScoreReport> {
		const message = messageOf(request);
		const reply = await whileBusy(() => this.client.evaluateBatch(message, { signal }), signal);
		const outcome = reply.results[0]!.outcome!;
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

function messageOf({ network, batch, proxies, seed, bnMode = "eval" }: ScoreRequest) {
	const { BATCH_NORM_MODE_EVAL, BATCH_NORM_MODE_TRAIN } = zcproxy.BatchNormMode;
	return zcproxy.EvaluateBatchRequest.fromPartial({
		items: [{ subject: { $case: "network", value: networkToMessage(network as Network) } }],
		settings: {
			proxies: [...proxies],
			batchSize: batch.shape[0],
			seed: BigInt(seed),
			bnMode: bnMode === "eval" ? BATCH_NORM_MODE_EVAL : BATCH_NORM_MODE_TRAIN,
		},
	});
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
