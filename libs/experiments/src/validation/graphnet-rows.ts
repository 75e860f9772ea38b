import type { ImageBatch } from "@archgen/datasets";
import { type ProxyScorer, scoreTwice } from "@archgen/pipeline";
import { countNetwork, type GraphNetArchitecture, type Network } from "@archgen/search-space";

/** One published architecture, as published and as computed here. */
export interface GraphNetRow {
	readonly set: string;
	readonly index: number;
	readonly network: Network;
	readonly parameterCount: number;
	readonly publishedParameterCount: number;
	readonly flopCount: number;
	readonly publishedFlopCount: number;
	/** T-CET with BN in eval mode, where it was computed. */
	readonly tcet?: number;
	readonly publishedTcet?: number;
	/** Equal counts, and a T-CET near the published one where there are both. */
	readonly agrees: boolean;
}

/** T-CET depends on the drawn weights; the published values were the largest of many thousand draws. */
const TCET_TOLERANCE = 0.06;

/** Counts an architecture. */
export function recount({ set, index, network, ...published }: GraphNetArchitecture): GraphNetRow {
	const { parameterCount, flopCount } = countNetwork(network);
	const { publishedParameterCount = Number.NaN, publishedFlopCount = Number.NaN, publishedTcet } = published;
	const agrees = parameterCount === publishedParameterCount && flopCount === publishedFlopCount;
	const counts = { parameterCount, publishedParameterCount, flopCount, publishedFlopCount };
	return { set, index, network, ...counts, ...(publishedTcet !== undefined && { publishedTcet }), agrees };
}

/** Scores an architecture and compares with what is published. */
export async function compareScore(
	row: GraphNetRow,
	{
		scorer,
		batch,
		seed,
		signal,
	}: {
		readonly scorer: ProxyScorer;
		readonly batch: ImageBatch;
		readonly seed: number;
		readonly signal?: AbortSignal;
	},
): Promise<GraphNetRow> {
	const request = { network: row.network, batch, proxies: ["tcet"], seed, bnMode: "eval" } as const;
	const result = (await scoreTwice(scorer, request, signal)).values.tcet;
	if (!result?.ok) return { ...row, agrees: false };
	const { publishedTcet = Number.NaN } = row;
	const near = Math.abs(result.value / publishedTcet - 1) <= TCET_TOLERANCE;
	return { ...row, tcet: result.value, agrees: row.agrees && near };
}
