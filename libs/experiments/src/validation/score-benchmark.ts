import type { ImageBatch } from "@archgen/datasets";
import { throwIfAborted } from "@archgen/errors";
import { type ProxyScorer, scoreTwice } from "@archgen/pipeline";
import { PROXIES, type ProxyName, type ProxySpec } from "@archgen/proxies";
import type { NetworkGraph } from "@archgen/search-space";
import type { BenchmarkScores } from "./benchmark-scores.js";

export interface BenchmarkOptions {
	/** The layers of a network of the table. */
	readonly lower: (arch: string) => NetworkGraph;
	readonly scorer: ProxyScorer;
	readonly batch: ImageBatch;
	/** Seed of the initial weights. */
	readonly seed: number;
	readonly proxies: readonly ProxyName[];
	/** Networks in work at once. */
	readonly parallelism: number;
	readonly signal: AbortSignal;
	/** After each network, one call at a time, in order of completion. */
	readonly onScores: (arch: string, scores: BenchmarkScores) => Promise<void>;
}

/** Scores networks of the benchmark by those proxies that they have no result of yet. */
export async function scoreBenchmark(
	archs: readonly string[],
	known: ReadonlyMap<string, BenchmarkScores>,
	options: BenchmarkOptions,
): Promise<void> {
	const queue = archs.values();
	let writing = Promise.resolve();
	const work = async () => {
		for (const arch of queue) {
			throwIfAborted(options.signal);
			const missing = options.proxies.filter((name) => known.get(arch)?.[name] === undefined);
			if (missing.length === 0) continue;
			const scores = await scoreOne(arch, missing, options);
			writing = writing.then(() => options.onScores(arch, scores));
			await writing;
		}
	};
	await Promise.all(Array.from({ length: options.parallelism }, work));
}

/** T-CET as in published search results, with BN in eval mode; all others as published for NAS-Bench-201. */
export async function scoreOne(
	arch: string,
	proxies: readonly ProxyName[],
	{ lower, scorer, batch, seed, signal }: Omit<BenchmarkOptions, "parallelism" | "proxies" | "onScores">,
): Promise<BenchmarkScores> {
	const network = lower(arch);
	const isEval = (name: ProxyName) => name === "tcet" || (PROXIES[name] as ProxySpec).batchNorm === "eval";
	const score = async (names: readonly ProxyName[], bnMode: "eval" | "train") =>
		names.length === 0
			? {}
			: (await scoreTwice(scorer, { network, batch, proxies: names, seed, bnMode }, signal)).values;
	return {
		...(await score(proxies.filter(isEval), "eval")),
		...(await score(
			proxies.filter((name) => !isEval(name)),
			"train",
		)),
	};
}
