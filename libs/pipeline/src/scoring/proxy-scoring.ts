import type { ImageBatch } from "@archgen/datasets";
import type { NetworkScorer, ScoreOutcome } from "@archgen/design";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import type { ProxyName, ScoreReport } from "@archgen/proxies";
import type { Network } from "@archgen/search-space";
import { type ProxyScorer, scoreTwice } from "./score-twice.js";

export interface ProxyScoringOptions {
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
 * Scores by a zero-cost proxy, BN in eval mode. Scoring at a smaller image size than the network's own is
 * the cheap form for searches: proxies compare networks among each other, and their order hardly depends on the size of
 * the feature maps, while their cost is proportional to it.
 */
export function proxyScoring({ scorer, batch, proxy, seed }: ProxyScoringOptions): NetworkScorer {
	const proxies = [...new Set<ProxyName>([proxy, ...ALWAYS])];
	return {
		version: "local",
		score: async (network, signal) => {
			const request = {
				network: atSize(network, batch.shape[2]),
				batch,
				proxies,
				seed,
				bnMode: "eval",
			} as const;
			try {
				const { values } = await scoreTwice(scorer, request, signal);
				return outcomeOf(values, proxy);
			} catch (error) {
				throwIfAborted(signal);
				if (!(error instanceof ArchgenError) || error.category === "INVALID_ARGUMENT") throw error;
				return { ok: false, reason: error.reason };
			}
		},
	};
}

/** Scores networks by what they promise instead of running them, without NASWOT and SNIP-SSNR. @param promise of `predictionOf` */
export function predictedScoring(promise: (network: Network) => number): NetworkScorer {
	return { version: "predicted", score: async (network) => ({ ok: true, parts: [promise(network)] }) };
}

function atSize(network: Network, size: number): Network {
	return { ...network, input: { ...network.input, size } };
}

/** The proxy as the one part of the objective, and all values that could be computed. */
function outcomeOf(results: ScoreReport["values"], proxy: ProxyName): ScoreOutcome {
	const score = results[proxy];
	if (!score?.ok) return { ok: false, reason: score?.reason ?? "NOT_SCORED" };
	const values = Object.entries(results).flatMap(([name, result]) =>
		result.ok ? [[name, result.value] as const] : [],
	);
	return { ok: true, parts: [score.value], values: Object.fromEntries(values) };
}
