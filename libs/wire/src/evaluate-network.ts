import { retry } from "@archgen/concurrency";
import type { ArchgenError } from "@archgen/errors";
import { itemToError, type RpcClient, whileBusy, zcproxy } from "@archgen/rpc";
import type { Network } from "@archgen/search-space";
import { networkToMessage } from "./network.js";

type ZcProxyClient = Pick<RpcClient<typeof zcproxy.ZcProxyServiceService>, "evaluateBatch">;
type Outcome = zcproxy.EvaluationResult["outcome"];

/** Times that an item is asked for which fails for a reason that is not its own. */
const ATTEMPTS = 5;
const FIRST_DELAY_MS = 200;

/** Failures of an item that say nothing about it. */
const OURS: readonly string[] = ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "CANCELLED", "INTERNAL"];

/**
 * Has one network evaluated by any of the zc-proxy services that a client reaches, waiting as long as they say that they are too busy. It is a call of
 * its own, so that calls spread over all services and those of one that goes away are made again elsewhere. What a service fails with for a reason
 * that is not the network's is asked for again as well, and never comes back as the network's result.
 *
 * @throws what the call throws, RESOURCE_EXHAUSTED excepted; what the item fails with in the end when that is not about the network
 */
export async function evaluateNetwork(
	client: ZcProxyClient,
	network: Network,
	settings: Parameters<typeof zcproxy.EvaluationSettings.fromPartial>[0],
	signal?: AbortSignal,
): Promise<Outcome> {
	const request = zcproxy.EvaluateBatchRequest.fromPartial({
		items: [{ subject: { $case: "network", value: networkToMessage(network) } }],
		settings,
	});
	let outcome: Outcome;
	let failure: ArchgenError | undefined;
	const once = async () => {
		const reply = await whileBusy(() => client.evaluateBatch(request, { signal }), signal);
		outcome = reply.results[0]?.outcome;
		failure = failureOf(outcome);
		if (failure !== undefined) throw failure;
	};
	const mayPass = (error: unknown) => error === failure;
	try {
		await retry(once, { attempts: ATTEMPTS, firstDelayMs: FIRST_DELAY_MS, mayPass, signal });
	} catch (error) {
		// A defect that a network meets every time is told as its result, under the reason INTERNAL.
		if (error !== failure || failure?.category !== "INTERNAL") throw error;
	}
	return outcome;
}

function failureOf(outcome: Outcome) {
	if (outcome?.$case !== "error") return undefined;
	const error = itemToError(outcome.value);
	return OURS.includes(error.category) ? error : undefined;
}
