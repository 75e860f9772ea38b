import type { ImageBatch } from "@archgen/datasets";
import type { Evaluation, Objective } from "@archgen/design";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import type { ProxyName, ProxyResult } from "@archgen/proxies";
import type { Network } from "@archgen/search-space";
import { type ProxyScorer, scoreTwice } from "./score-twice.js";

export interface ProxyObjectiveOptions {
	readonly scorer: ProxyScorer;
	/** The minibatch; networks are scored at its image size, whatever their own. */
	readonly batch: ImageBatch;
	/** What is maximised. */
	readonly proxy: ProxyName;
	/** Seed of the initial weights, the same for every network. */
	readonly seed: number;
}

/** NASWOT and SNIP-SSNR come from the passes that T-CET needs anyway, and the sequence generator learns from them. */
const ALWAYS: readonly ProxyName[] = ["naswot", "snip_ssnr"];

/**
 * A search objective from zero-cost proxies, BN in eval mode. Scoring at a smaller image size than the network's own is
 * the cheap form for searches: proxies compare networks among each other, and their order hardly depends on the size of
 * the feature maps, while their cost is proportional to it.
 */
export function proxyObjective({ scorer, batch, proxy, seed }: ProxyObjectiveOptions): Objective {
	const proxies = [...new Set<ProxyName>([proxy, ...ALWAYS])];
	return {
		evaluate: async (network, signal) => {
			const request = {
				network: atSize(network, batch.shape[2]),
				batch,
				proxies,
				seed,
				bnMode: "eval",
			} as const;
			try {
				const { values } = await scoreTwice(scorer, request, signal);
				return evaluation(values[proxy], values.naswot, values.snip_ssnr);
			} catch (error) {
				throwIfAborted(signal);
				if (!(error instanceof ArchgenError) || error.category === "INVALID_ARGUMENT") throw error;
				return { ok: false, reason: error.reason };
			}
		},
	};
}

function atSize(network: Network, size: number): Network {
	return { ...network, input: { ...network.input, size } };
}

function evaluation(
	score: ProxyResult | undefined,
	naswot: ProxyResult | undefined,
	snipSsnr: ProxyResult | undefined,
): Evaluation {
	if (!score?.ok) return { ok: false, reason: score?.reason ?? "NOT_SCORED" };
	return {
		ok: true,
		score: score.value,
		...(naswot?.ok && { naswot: naswot.value }),
		...(snipSsnr?.ok && { snipSsnr: snipSsnr.value }),
	};
}
