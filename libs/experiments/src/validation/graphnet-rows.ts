import type { ImageBatch } from "@archgen/datasets";
import { type ProxyScorer, type RunContext, scoreTwice } from "@archgen/pipeline";
import { ScoringPool } from "@archgen/proxies";
import { countNetwork, type GraphNetArchitecture, type Network, type Target } from "@archgen/search-space";
import { table } from "@archgen/text";

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

/** A comparison of scores with published ones. */
export interface GraphNetTask {
	/** Input size of the networks that are scored, in pixels; others are only counted. */
	readonly size: number;
	readonly seed: number;
	/** The minibatch for a size and number of classes. */
	readonly batchFor: (target: Target) => Promise<ImageBatch>;
}

/** Scores the architectures of the task's size; the others stay as they are. */
export async function compareScores(
	context: RunContext,
	rows: readonly GraphNetRow[],
	{ size, seed, batchFor }: GraphNetTask,
): Promise<GraphNetRow[]> {
	const chosen = rows.filter(({ network }) => network.input.size === size);
	const progress = context.startProgress({ title: "architectures", total: chosen.length });
	const scorer = ScoringPool.create({ workers: 1, threadsPerWorker: 2 });
	const results = new Map<GraphNetRow, GraphNetRow>();
	try {
		for (const row of chosen) {
			const batch = await batchFor({ size, classes: row.network.classes });
			results.set(row, await compareScore(row, { scorer, batch, seed, signal: context.signal }));
			progress.update(results.size);
		}
	} finally {
		progress.stop();
		await scorer.close();
	}
	return rows.map((row) => results.get(row) ?? row);
}

/** A row for each architecture, counts and published counts beside each other. */
export function describeGraphNet(rows: readonly Omit<GraphNetRow, "network">[]): string {
	const head = ["set", "index", "parameterCount", "published", "flopCount", "published"];
	const scoredHead = ["T-CET", "published", "difference"];
	const isScored = rows.some(({ tcet }) => tcet !== undefined);
	return table(
		[...head, ...(isScored ? scoredHead : []), "agrees"],
		rows.map((row) => [
			row.set,
			row.index,
			row.parameterCount,
			row.publishedParameterCount,
			row.flopCount,
			row.publishedFlopCount,
			...(isScored ? tcetCells(row) : []),
			row.agrees ? "yes" : "no",
		]),
	);
}

function tcetCells({ tcet, publishedTcet }: Omit<GraphNetRow, "network">): string[] {
	if (tcet === undefined || publishedTcet === undefined) return ["–", "–", "–"];
	const difference = ((tcet - publishedTcet) / publishedTcet) * 100;
	return [tcet.toFixed(0), publishedTcet.toFixed(0), `${difference.toFixed(2)} %`];
}
