import { type BatchPlan, type ImageBatch, PlannedBatch } from "@archgen/datasets";
import type { ZcVector } from "@archgen/design";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import {
	type Counts,
	imageMap,
	initializeParameters,
	lowerNetwork,
	type Network,
	type NetworkGraph,
} from "@archgen/search-space";
import { Evidence } from "./evidence.js";
import type { BatchNormMode } from "./layer-expressions.js";
import type { ProxyResult, ProxySpec } from "./proxy.js";
import { isProxyName, PROXIES, type ProxyName } from "./proxy-table.js";
import type { SaliencySums } from "./saliency.js";
import { detachSections } from "./section.js";
import type { SectionCache } from "./section-cache.js";
import type { Subject } from "./subject.js";

export interface ScoreRequest {
	/** A network, or the layers of one that is none of ours, such as that of NAS-Bench-201. */
	readonly network: Network | NetworkGraph;
	/**
	 * Images [B, channels, height, width] of the network's input size with labels below its number of classes, or the plan of synthetic ones, which are
	 * drawn only where a proxy looks at them.
	 */
	readonly batch: ImageBatch | BatchPlan;
	readonly proxies: readonly ProxyName[];
	/** Seed of the initial weights. */
	readonly seed: number;
	/**
	 * BN mode of the proxies that declare `batchNorm: "request"`; the others have their own. Default "eval", as in published
	 * T-CET results.
	 */
	readonly bnMode?: BatchNormMode;
}

/** What one layer contributed; where a pass ran in both modes of batch norm, K_l in eval mode and s_l in the request's. */
export interface LayerReport {
	readonly name: string;
	readonly logDeterminant?: number;
	readonly saliency?: SaliencySums;
}

export interface ScoreReport {
	readonly values: Partial<Record<ProxyName, ProxyResult>>;
	readonly counts: Counts;
	/** Convolutions and linear layers in order, with what the requested proxies looked at. */
	readonly layers: readonly LayerReport[];
}

/**
 * Scores one network. The same request gives the same numbers.
 *
 * @param cache compiled sections of the runtime to use
 * @throws ArchgenError INVALID_ARGUMENT when network and batch do not fit together, CANCELLED when the signal fires
 */
export async function scoreNetwork(
	cache: SectionCache,
	request: ScoreRequest,
	signal?: AbortSignal,
): Promise<ScoreReport> {
	const { network, seed, bnMode = "eval" } = request;
	const batch = "images" in request.batch ? request.batch : new PlannedBatch(request.batch);
	const graph = "layers" in network ? network : lowerNetwork(network);
	checkProxies(request.proxies);
	checkBatch(graph, batch);
	const parameters = initializeParameters(graph, createRandom(seed));
	const subject: Subject = { sections: detachSections(graph), parameters, batch, cache, signal };
	const specs = request.proxies.map((name) => [name, PROXIES[name] as ProxySpec] as const);
	const planned = new Set(specs.flatMap(([, spec]) => spec.passes));
	const evidence = new Evidence(subject, graph, bnMode, seed, planned);
	const values: Partial<Record<ProxyName, ProxyResult>> = {};
	for (const [name, spec] of specs) values[name] = await spec.compute(evidence);
	return { values, counts: evidence.counts, layers: await layerReports(evidence) };
}

async function layerReports(evidence: Evidence): Promise<LayerReport[]> {
	const codes = evidence.peek("codes/eval") ?? evidence.peek("codes/train");
	const backward = evidence.peek(`backward/${evidence.bnMode}`) ?? evidence.peek("backward/train");
	const logDeterminants = (await codes)?.logDeterminants;
	const saliencies = (await backward)?.saliencies;
	const names = [...(logDeterminants?.keys() ?? saliencies?.keys() ?? [])];
	return names.map((name) => ({
		name,
		logDeterminant: logDeterminants?.get(name),
		saliency: saliencies?.get(name),
	}));
}

function checkProxies(proxies: readonly string[]): void {
	const unknown = proxies.find((name) => !isProxyName(name));
	if (unknown !== undefined) throw invalidArgument("proxies", `"${unknown}" is not a proxy`, "UNKNOWN_PROXY");
	if (proxies.length === 0) throw invalidArgument("proxies", "must name at least one proxy");
}

function checkBatch(graph: NetworkGraph, batch: ImageBatch): void {
	const image = graph.values[graph.input]!;
	const classes = labelClasses(graph);
	const [count, channels, height, width] = batch.shape;
	if (height !== image.height || width !== image.width || channels !== image.channels)
		throw invalidArgument(
			"batch",
			`holds ${channels}×${height}×${width} images, but the network takes ${image.channels}×${image.height}×${image.width}`,
		);
	if (count < 2)
		throw invalidArgument("batch", "needs at least 2 images: the proxies compare images with each other");
	// Labels of a plan are below its number of classes by construction; they are not drawn for this.
	const wrong =
		batch instanceof PlannedBatch
			? batch.classes > classes
			: batch.labels.some((label) => label < 0n || label >= BigInt(classes));
	if (wrong) throw invalidArgument("batch.labels", `must be 0 … ${classes - 1}, the classes of the network`);
}

/** Classes that the labels of a minibatch may have: the outputs of a network, two where it has one. */
function labelClasses(graph: NetworkGraph): number {
	return Math.max(2, graph.values[graph.output]!.channels);
}

/** The minibatch of standard normal images that a network is scored on; of features, any channel may be wanted. */
export function scoringSelection({ input, classes, task, finalChannels, stages }: Network, batch: number) {
	const outputs = task === "features" ? (finalChannels ?? stages.at(-1)!.channels) : classes;
	const { height, width, channels } = imageMap(input);
	return { batch, size: height, width, channels, classes: Math.max(2, outputs) };
}

/** The proxies of a ZC vector; score with bnMode "train". */
export const ZC_PROXIES = ["naswot", "snip_ssnr"] as const satisfies readonly ProxyName[];

/**
 * The ZC vector in a report of α_x.
 *
 * @throws ArchgenError with the failed proxy's reason when one of its parts has no value
 */
export function zcVector({ values, counts }: ScoreReport): ZcVector {
	const [naswot, snipSsnr] = ZC_PROXIES.map((name) => {
		const result = values[name];
		if (result?.ok) return result.value;
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: result?.reason ?? "PROXY_NOT_SCORED",
			message: `${name}: ${result?.message ?? "was not asked for"}`,
		});
	}) as [number, number];
	return { naswot, snipSsnr, parameterCount: counts.parameterCount, flopCount: counts.flopCount };
}
