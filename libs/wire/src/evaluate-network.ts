import { type RpcClient, whileBusy, zcproxy } from "@archgen/rpc";
import type { Network } from "@archgen/search-space";
import { networkToMessage } from "./network.js";

type ZcProxyClient = Pick<RpcClient<typeof zcproxy.ZcProxyServiceService>, "evaluateBatch">;

/**
 * Has one network evaluated by any of the zc-proxy services that a client reaches, waiting as long as they say that they are too busy. It is a call of
 * its own, so that calls spread over all services and those of one that goes away are made again elsewhere.
 *
 * @throws what the call throws, RESOURCE_EXHAUSTED excepted
 */
export async function evaluateNetwork(
	client: ZcProxyClient,
	network: Network,
	settings: Parameters<typeof zcproxy.EvaluationSettings.fromPartial>[0],
	signal?: AbortSignal,
): Promise<zcproxy.EvaluationResult["outcome"]> {
	const request = zcproxy.EvaluateBatchRequest.fromPartial({
		items: [{ subject: { $case: "network", value: networkToMessage(network) } }],
		settings,
	});
	return (await whileBusy(() => client.evaluateBatch(request, { signal }), signal)).results[0]?.outcome;
}
