import { invalidArgument } from "@archgen/errors";
import {
	type BatchNormMode,
	type CostClass,
	DEFAULT_OBJECTIVE,
	OBJECTIVE_NAMES,
	OBJECTIVES,
	type ObjectiveSpec,
	PROXIES,
	PROXY_NAMES,
	type ProxyName,
	type ProxyResult,
	type ProxySpec,
	rankingsOf,
} from "@archgen/proxies";
import { zcproxy } from "@archgen/rpc";
import { alphaNetwork, type Network } from "@archgen/search-space";
import { cellFromMessage, countsToMessage, networkFromMessage, requireWhole } from "@archgen/wire";
import type { CachedScores } from "./cached-scorer.js";

/** Checked settings of an evaluation. */
export interface Settings {
	readonly proxies: readonly ProxyName[];
	readonly batch: number;
	readonly seed: bigint;
	readonly bnMode: BatchNormMode;
}

const DEFAULT_BATCH = 64;
const MAX_BATCH = 256;

const BN_MODES: ReadonlyMap<zcproxy.BatchNormMode, BatchNormMode> = new Map([
	[zcproxy.BatchNormMode.BATCH_NORM_MODE_UNSPECIFIED, "eval"],
	[zcproxy.BatchNormMode.BATCH_NORM_MODE_EVAL, "eval"],
	[zcproxy.BatchNormMode.BATCH_NORM_MODE_TRAIN, "train"],
]);

/** @throws INVALID_ARGUMENT naming the field: missing settings, unknown proxies, a batch of the wrong size */
export function settingsFromMessage(message: zcproxy.EvaluationSettings | undefined): Settings {
	if (message === undefined || message.proxies.length === 0) {
		throw invalidArgument("settings.proxies", `must name at least one of ${PROXY_NAMES.join(", ")}.`);
	}
	const bnMode = BN_MODES.get(message.bnMode);
	if (bnMode === undefined) {
		throw invalidArgument("settings.bn_mode", "is not a mode that this service knows.");
	}
	return {
		proxies: message.proxies.map(proxyName),
		batch: requireWhole("settings.batch_size", message.batchSize || DEFAULT_BATCH, 2, MAX_BATCH),
		seed: message.seed,
		bnMode,
	};
}

function proxyName(name: string, index: number): ProxyName {
	const known = PROXY_NAMES.find((candidate) => candidate === name);
	if (known === undefined) {
		const description = `${JSON.stringify(name)} is none of ${PROXY_NAMES.join(", ")}.`;
		throw invalidArgument(`settings.proxies[${index}]`, description, "UNKNOWN_PROXY");
	}
	return known;
}

/** The settings as they were understood, defaults filled in. */
export function settingsToMessage({ proxies, batch, seed, bnMode }: Settings): zcproxy.EvaluationSettings {
	const { BATCH_NORM_MODE_EVAL, BATCH_NORM_MODE_TRAIN } = zcproxy.BatchNormMode;
	return {
		proxies: [...proxies],
		batchSize: batch,
		seed,
		bnMode: bnMode === "train" ? BATCH_NORM_MODE_TRAIN : BATCH_NORM_MODE_EVAL,
	};
}

/**
 * The network that an item asks to score; a cell stands for its scoring network.
 *
 * @param field where the item stands in the request
 */
export function networkOfItem(item: zcproxy.EvaluationItem, field: string): Network {
	switch (item.subject?.$case) {
		case "cell":
			return alphaNetwork(cellFromMessage(item.subject.value, `${field}.cell`));
		case "network":
			return networkFromMessage(item.subject.value, `${field}.network`);
		default:
			throw invalidArgument(`${field}.subject`, "must be a cell or a network.");
	}
}

/** The message of scores. */
export function scoreToMessage(scores: CachedScores, elapsedMs: number, dataIdentity: string): zcproxy.Score {
	const values = Object.entries(scores.values).map(([name, result]) => [name, valueToMessage(result)]);
	return {
		values: Object.fromEntries(values),
		counts: countsToMessage(scores.counts),
		elapsedSeconds: elapsedMs / 1000,
		dataIdentity,
	};
}

function valueToMessage(result: ProxyResult): zcproxy.ProxyValue {
	if (result.ok) {
		return { outcome: { $case: "value", value: result.value } };
	}
	return { outcome: { $case: "failure", value: { reason: result.reason, message: result.message } } };
}

const COSTS: Readonly<Record<CostClass, zcproxy.ProxyCost>> = {
	count: zcproxy.ProxyCost.PROXY_COST_COUNT,
	forward: zcproxy.ProxyCost.PROXY_COST_FORWARD,
	backward: zcproxy.ProxyCost.PROXY_COST_BACKWARD,
	several: zcproxy.ProxyCost.PROXY_COST_SEVERAL,
};

const BATCH_NORMS: Readonly<Record<ProxySpec["batchNorm"], zcproxy.ProxyBatchNorm>> = {
	eval: zcproxy.ProxyBatchNorm.PROXY_BATCH_NORM_EVAL,
	train: zcproxy.ProxyBatchNorm.PROXY_BATCH_NORM_TRAIN,
	request: zcproxy.ProxyBatchNorm.PROXY_BATCH_NORM_SETTINGS,
	none: zcproxy.ProxyBatchNorm.PROXY_BATCH_NORM_NONE,
};

/** The description of every proxy of the table. */
export function describeProxies(): zcproxy.ProxyDescription[] {
	const { PROXY_DIRECTION_MAXIMIZE, PROXY_DIRECTION_NEUTRAL } = zcproxy.ProxyDirection;
	return PROXY_NAMES.map((name) => {
		const { direction, unit, needsData, needsGradient, ...spec }: ProxySpec = PROXIES[name];
		return {
			name,
			direction: direction === "higher" ? PROXY_DIRECTION_MAXIMIZE : PROXY_DIRECTION_NEUTRAL,
			unit,
			needsData,
			needsGradient,
			description: spec.description,
			formula: spec.formula,
			source: spec.source,
			cost: COSTS[spec.cost],
			batchNorm: BATCH_NORMS[spec.batchNorm],
			rankings: rankingMessages(name),
		};
	});
}

/** The description of every objective, the default first. */
export function describeObjectives(): zcproxy.ObjectiveDescription[] {
	return [...new Set([DEFAULT_OBJECTIVE, ...OBJECTIVE_NAMES])].map((name) => {
		const { description, parts }: ObjectiveSpec = OBJECTIVES[name];
		const rankings = rankingMessages(parts.length === 1 ? parts[0] : name);
		return { name, description, parts: [...parts], rankings };
	});
}

function rankingMessages(name: string): zcproxy.ProxyRanking[] {
	return rankingsOf(name).map(({ benchmark, target, spearman, partial, selection }) => ({
		benchmark,
		target,
		spearman,
		partial,
		selectionShare: selection?.share,
		selectedAccuracy: selection?.accuracy,
	}));
}
