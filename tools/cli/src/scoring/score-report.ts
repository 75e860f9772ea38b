import type { ImageBatch } from "@archgen/datasets";
import type { LayerReport, ProxyName, ProxyResult, ScoreReport } from "@archgen/proxies";
import { countNetwork, type Network } from "@archgen/search-space";
import { type Scorer, scoreTwice } from "./score-twice.js";

/** How batch normalisation acts in the gradient proxies. */
export const BN_MODES = ["published", "eval", "train"] as const;
export type BnModeChoice = (typeof BN_MODES)[number];

/** What `archgen score` prints. A proxy without a value is null, and `failures` says why. */
export interface Scores {
	readonly naswot: number | null;
	readonly snip_ssnr: number | null;
	readonly tcet: number | null;
	readonly parameterCount: number;
	readonly flopCount: number;
	readonly macCount: number;
	readonly seconds: number;
	readonly failures?: Readonly<Record<string, { readonly reason: string; readonly message: string }>>;
}

/** One pass over the network with its per-layer values. */
export interface ScoredPass {
	readonly bnMode: "eval" | "train";
	readonly proxies: readonly ProxyName[];
	readonly layers: readonly LayerReport[];
}

export interface ScoredNetwork {
	readonly scores: Scores;
	/** The pass of T-CET first. */
	readonly passes: readonly ScoredPass[];
}

export interface ScoringOptions {
	readonly scorer: Scorer;
	readonly network: Network;
	readonly batch: ImageBatch;
	readonly seed: number;
	/**
	 * "published" scores as the paper does: T-CET with BN in eval mode; SNIP-SSNR in train mode for the proxy network of a
	 * cell, where it is part of the zero-cost vector, and in eval mode for other networks.
	 */
	readonly bnMode: BnModeChoice;
	/** Whether the network is the α_x of a cell. */
	readonly isAlpha: boolean;
	readonly signal?: AbortSignal;
	/** Milliseconds. */
	readonly now: () => number;
	/** After each pass. */
	readonly onPass?: (done: number, total: number) => void;
}

/** Scores one network by NASWOT, SNIP-SSNR and T-CET. */
export async function scoreWithLayers(options: ScoringOptions): Promise<ScoredNetwork> {
	const began = options.now();
	const values: Partial<Record<ProxyName, ProxyResult>> = {};
	const passes: ScoredPass[] = [];
	const plan = plannedPasses(options);
	for (const { bnMode, proxies } of plan) {
		const report = await runPass(options, bnMode, proxies);
		Object.assign(values, report.values);
		passes.push({ bnMode, proxies, layers: report.layers });
		options.onPass?.(passes.length, plan.length);
	}
	const seconds = (options.now() - began) / 1000;
	return {
		passes,
		scores: { ...scoresOf(values), ...countsOf(options.network), seconds, ...failuresOf(values) },
	};
}

function plannedPasses({ bnMode, isAlpha }: ScoringOptions): Omit<ScoredPass, "layers">[] {
	if (bnMode !== "published") return [{ bnMode, proxies: ["tcet", "naswot", "snip_ssnr"] }];
	if (!isAlpha) return [{ bnMode: "eval", proxies: ["tcet", "naswot", "snip_ssnr"] }];
	return [
		{ bnMode: "eval", proxies: ["tcet", "naswot"] },
		{ bnMode: "train", proxies: ["snip_ssnr"] },
	];
}

function runPass(
	{ scorer, network, batch, seed, signal }: ScoringOptions,
	bnMode: "eval" | "train",
	proxies: readonly ProxyName[],
): Promise<ScoreReport> {
	return scoreTwice(scorer, { network, batch, proxies, seed, bnMode }, signal);
}

function scoresOf(values: Partial<Record<ProxyName, ProxyResult>>) {
	const numberOf = (name: ProxyName) => {
		const result = values[name];
		return result?.ok ? result.value : null;
	};
	return { naswot: numberOf("naswot"), snip_ssnr: numberOf("snip_ssnr"), tcet: numberOf("tcet") };
}

function countsOf(network: Network) {
	const { parameterCount, flopCount, macCount } = countNetwork(network);
	return { parameterCount, flopCount, macCount };
}

function failuresOf(values: Partial<Record<ProxyName, ProxyResult>>): Pick<Scores, "failures"> {
	const failures = Object.entries(values).flatMap(([name, result]) =>
		result.ok ? [] : [[name, { reason: result.reason, message: result.message }] as const],
	);
	return failures.length === 0 ? {} : { failures: Object.fromEntries(failures) };
}
