import { boundsMemory, type Constraints } from "@archgen/design";
import type { Target } from "@archgen/search-space";
import { ranks } from "@archgen/statistics";
import type { BatchNormMode } from "./layer-expressions.js";
import type { ProxyName } from "./proxy-table.js";
import { enoughParameters } from "./trained-fit.js";

/** A figure that searches and requests maximise: proxies of each network, and how they become one number. */
export interface ObjectiveSpec {
	readonly description: string;
	readonly source: string;
	/** Proxies measured of every network, in the order of its parts. */
	readonly parts: readonly [ProxyName, ...ProxyName[]];
	/** BN mode to score with; parts that have a mode of their own keep it. */
	readonly bnMode: BatchNormMode;
	/**
	 * `value`: the first part as it is, comparable between any two networks. `log-ranks`: Σ ln(rank / m) over the parts, ranks 1 (worst) … m
	 * among the m networks that are compared, so that the number means something only within their set.
	 */
	readonly aggregate: "value" | "log-ranks";
}

const AZ_SOURCE = "Lee & Ham 2024, AZ-NAS, equation of the aggregate";
const AZ3 = ["az_expressivity", "az_progressivity", "az_trainability"] as const;

function single(part: ProxyName, bnMode: BatchNormMode, description: string, source: string): ObjectiveSpec {
	return { description, source, parts: [part], bnMode, aggregate: "value" };
}

function logRanksOf(parts: ObjectiveSpec["parts"], description: string, source = AZ_SOURCE): ObjectiveSpec {
	return { description, source, parts, bnMode: "train", aggregate: "log-ranks" };
}

/** Objectives by name. Adding one is one line here. */
export const OBJECTIVES = {
	tcet: single("tcet", "eval", "T-CET as published, batch norm in eval mode.", "Xiang et al. 2024"),
	"tcet-train": single(
		"tcet_train",
		"train",
		"T-CET with batch norm in train mode.",
		"after Xiang et al. 2024",
	),
	"tcet-fit": single(
		"tcet_fit",
		"train",
		"The accuracy to expect by structure and by T-CET in train mode a layer, as a logit.",
		"fitted to networks that we trained (docs/accuracy.md)",
	),
	"tcet-fit-size": single(
		"tcet_fit_size",
		"train",
		"tcet-fit and the multiply-accumulates, for networks of different cost.",
		"fitted to networks that we trained (docs/accuracy.md)",
	),
	"tcet-structure": single(
		"tcet_structure",
		"train",
		"The accuracy to expect by structure, as a logit, and among equals T-CET in train mode.",
		"fitted to networks that we trained (docs/accuracy.md)",
	),
	"tcet-structure-size": single(
		"tcet_structure_size",
		"train",
		"tcet-structure and the multiply-accumulates, for networks of different cost.",
		"fitted to networks that we trained (docs/accuracy.md)",
	),
	"tcet-train+az3": logRanksOf(
		["tcet_train", ...AZ3],
		"T-CET in train mode with AZ-NAS' expressivity, progressivity and trainability, by log ranks.",
	),
	az3: logRanksOf(AZ3, "AZ-NAS' expressivity, progressivity and trainability, by log ranks."),
	"az-nas": logRanksOf(
		[...AZ3, "flopCount"],
		"AZ-NAS as published: its three scores and complexity, by log ranks.",
	),
	synflow: single("synflow", "train", "ln SynFlow.", "Tanaka et al. 2020"),
	snip: single("snip", "train", "SNIP with batch norm in train mode.", "Lee et al. 2019"),
	zico: single("zico", "train", "ZiCo.", "Li et al. 2023"),
	naswot: single("naswot", "eval", "NASWOT of output signs.", "Xiang et al. 2024"),
	naswot_relu: single("naswot_relu", "train", "NASWOT of ReLU inputs.", "Mellor et al. 2021"),
	swap: single("swap", "train", "SWAP.", "Peng et al. 2024"),
	meco: single("meco", "train", "MeCo.", "Jiang et al. 2023"),
	parameters: single("parameters", "train", "Most parameters: the baseline.", "count"),
} as const satisfies Record<string, ObjectiveSpec>;

export type ObjectiveName = keyof typeof OBJECTIVES;

/** What requests rank by unless they say otherwise: what trained networks of ours agree with best at equal cost (docs/accuracy.md). */
export const DEFAULT_OBJECTIVE: ObjectiveName = "tcet-fit";

/**
 * What searches maximise unless they say otherwise: the same; under a bound on operations with size in it, since searches, unlike requests, leave much of such a bound
 * unused, and trained networks are the better for using it. Without one nothing would keep size from growing.
 */
export function defaultSearchProxy({ maxMacCount, maxFlopCount }: Constraints): ProxyName {
	const isBounded = maxMacCount !== undefined || maxFlopCount !== undefined;
	return OBJECTIVES[isBounded ? "tcet-fit-size" : DEFAULT_OBJECTIVE].parts[0];
}

/** {@link defaultSearchProxy} in words. */
export const DEFAULT_SEARCH_PROXY_TEXT = `${defaultSearchProxy({ maxMacCount: 1 })} under a bound on operations, else ${defaultSearchProxy({})}`;

/** Proxies that look at structure. */
const STRUCTURAL: readonly ProxyName[] = [
	"tcet_fit",
	"tcet_fit_size",
	"tcet_structure",
	"tcet_structure_size",
];
/** Proxies with a part that grows with every layer, in the mode that is not the published one. */
const DEEPENING: readonly ProxyName[] = ["tcet_train", ...STRUCTURAL];
/** Layers that a network may be deep for each time its image is halved. */
const DEPTH_PER_HALVING = 10;
/** An image is halved while at least so many pixels are left along its shorter side. */
const LAST_MAP = 4;

/** Layers that networks are deep that people make for a target, for what must not be maximised without a bound on depth; undefined for anything else. */
export function usualDepth(parts: readonly string[], { size, width = size }: Target): number | undefined {
	const halvings = Math.floor(Math.log2(Math.min(size, width) / LAST_MAP));
	// Images that are too small are somebody else's complaint.
	return halvings >= 1 && DEEPENING.some((proxy) => parts.includes(proxy))
		? DEPTH_PER_HALVING * halvings
		: undefined;
}

/**
 * Parameters that the classes of a target are thought to need, for what is maximised with structure in it; undefined for anything else. Left to choose, the generator
 * writes fewer under small bounds on operations.
 */
export function usualParameters(parts: readonly string[], { classes, task }: Target): number | undefined {
	const looks = STRUCTURAL.some((proxy) => parts.includes(proxy));
	return looks && task === undefined && classes > 0 ? Math.round(enoughParameters(classes)) : undefined;
}

/**
 * Bounds with the one on depth that belongs to what is maximised, where a request or a search gives none. T-CET in train mode is a sum over layers, so that the
 * most it can reach under bounds on size or cost are many thin layers, which train badly (docs/accuracy.md). Under it, alone or with structure, networks are as deep as
 * hand-made ones of their image: 30 layers at 32 pixels, 50 at 224. Objectives as published have no bound, nor have networks whose memory is bounded: branches side by
 * side, which shallow networks have their layers in, keep many maps at once. Generators are asked for {@link usualDepth} there, as a wish.
 *
 * @param parts proxies that are maximised
 */
export function withUsualDepth(
	constraints: Constraints,
	parts: readonly string[],
	target: Target,
): Constraints {
	const maxDepth = usualDepth(parts, target);
	return maxDepth === undefined || boundsMemory(constraints) ? constraints : { maxDepth, ...constraints };
}

/** All names in the order of the table. */
export const OBJECTIVE_NAMES = Object.keys(OBJECTIVES) as readonly ObjectiveName[];

/** Whether a word names an objective. */
export function isObjectiveName(name: string): name is ObjectiveName {
	return Object.hasOwn(OBJECTIVES, name);
}

/**
 * The objective of every network of a set: larger is better. For `log-ranks` the set is what ranks are taken among: the candidates
 * of a request, or a search's population with the newcomer. Aggregate again whenever the set changes; 512 networks take a few
 * milliseconds.
 *
 * @param set parts of each network
 */
export function aggregateObjective(name: ObjectiveName, set: readonly (readonly number[])[]): number[] {
	const { aggregate, parts } = OBJECTIVES[name];
	if (aggregate === "value") return set.map(([value]) => value!);
	const columns = parts.map((_, part) => ranks(set.map((values) => values[part]!)));
	return set.map((_, i) => columns.reduce((sum, column) => sum + Math.log((column[i]! + 1) / set.length), 0));
}
