import type { ImageBatch } from "@archgen/datasets";
import {
	type LayerReport,
	PROXIES,
	type ProxyName,
	type ProxyResult,
	type ProxySpec,
	type ScoreReport,
} from "@archgen/proxies";
import { countNetwork, type Network } from "@archgen/search-space";
import { fields } from "@archgen/text";
import { type ProxyScorer, scoreTwice } from "./score-twice.js";

/** How batch normalisation acts in the gradient proxies. */
export const BN_MODES = ["published", "eval", "train"] as const;
export type BnModeChoice = (typeof BN_MODES)[number];

/** What is scored unless said otherwise: one pass forward and one back give all three. */
export const DEFAULT_PROXIES = ["tcet", "naswot", "snip_ssnr"] as const satisfies readonly ProxyName[];

/**
 * What `archgen score` prints: the proxies asked for by name, and the exact counts. A proxy without a value is null, and
 * `failures` says why.
 */
export interface Scores extends Readonly<Partial<Record<ProxyName, number | null>>> {
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
	readonly scorer: ProxyScorer;
	readonly network: Network;
	/** The network at its own size, where it is scored at another one; its counts are shown. */
	readonly counted?: Network;
	readonly batch: ImageBatch;
	readonly seed: number;
	readonly proxies: readonly ProxyName[];
	/**
	 * "published" scores as the paper does: T-CET with BN in eval mode; SNIP-SSNR and its relatives in train mode for the
	 * proxy network of a cell, where it is part of the zero-cost vector, and in eval mode for other networks.
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

/** Scores one network. */
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
		scores: {
			...scoresOf(values),
			...countsOf(options.counted ?? options.network),
			seconds,
			...failuresOf(values),
		},
	};
}

function plannedPasses({ bnMode, isAlpha, proxies }: ScoringOptions): Omit<ScoredPass, "layers">[] {
	if (bnMode !== "published") return [{ bnMode, proxies }];
	if (!isAlpha) return [{ bnMode: "eval", proxies }];
	const isTrained = (name: ProxyName) =>
		name !== "tcet" && (PROXIES[name] as ProxySpec).batchNorm === "request";
	const plan = [
		{ bnMode: "eval", proxies: proxies.filter((name) => !isTrained(name)) },
		{ bnMode: "train", proxies: proxies.filter(isTrained) },
	] as const;
	return plan.filter((pass) => pass.proxies.length > 0);
}

function runPass(
	{ scorer, network, batch, seed, signal }: ScoringOptions,
	bnMode: "eval" | "train",
	proxies: readonly ProxyName[],
): Promise<ScoreReport> {
	return scoreTwice(scorer, { network, batch, proxies, seed, bnMode }, signal);
}

function scoresOf(
	values: Partial<Record<ProxyName, ProxyResult>>,
): Partial<Record<ProxyName, number | null>> {
	const shown = Object.entries(values).map(([name, result]) => [name, result.ok ? result.value : null]);
	return Object.fromEntries(shown);
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

/** Scores by name, with the reason in the place of those that a network has not. */
export function describeScores({ failures = {}, ...scores }: Scores): string {
	const shown = Object.entries(scores).map(([name, value]) => [
		name,
		value ?? `none: ${failures[name]?.message}`,
	]);
	return fields(Object.fromEntries(shown));
}
