import type { ImageBatch } from "@archgen/datasets";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import {
	type Counts,
	countLayers,
	initializeParameters,
	lowerNetwork,
	type Network,
} from "@archgen/search-space";
import type { BatchNormMode } from "./layer-expressions.js";
import { backwardPass, codesPass, forwardPass, type Subject } from "./network-passes.js";
import {
	type Evidence,
	type Pass,
	PROXIES,
	type ProxyName,
	type ProxyResult,
	type ProxySpec,
} from "./proxy-table.js";
import type { SaliencySums } from "./saliency.js";
import { detachSections } from "./section.js";
import type { SectionCache } from "./section-cache.js";

export interface ScoreRequest {
	readonly network: Network;
	/** Images [B, 3, size, size] of the network's input size with labels below its number of classes. */
	readonly batch: ImageBatch;
	readonly proxies: readonly ProxyName[];
	/** Seed of the initial weights. */
	readonly seed: number;
	/** BN mode of the gradient proxies; sign codes always see eval mode. Default "eval", as in published T-CET results. */
	readonly bnMode?: BatchNormMode;
}

/** What one layer contributed. */
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
	checkBatch(request);
	const { network, batch, seed, bnMode = "eval" } = request;
	const graph = lowerNetwork(network);
	const parameters = initializeParameters(graph, createRandom(seed));
	const subject: Subject = { sections: detachSections(graph), parameters, batch, cache, signal };
	const specs = request.proxies.map((name) => [name, PROXIES[name] as ProxySpec] as const);
	const needed = new Set(specs.flatMap(([, spec]) => spec.passes));
	const evidence = await collect(subject, countLayers(graph), needed, bnMode);
	return {
		values: Object.fromEntries(specs.map(([name, spec]) => [name, spec.compute(evidence)])),
		counts: evidence.counts,
		layers: layerReports(evidence),
	};
}

async function collect(
	subject: Subject,
	counts: Counts,
	needed: ReadonlySet<Pass>,
	bnMode: BatchNormMode,
): Promise<Evidence> {
	const codes = needed.has("codes") ? await codesPass(subject) : undefined;
	const shared = bnMode === "eval" ? codes : undefined;
	const backward = needed.has("backward")
		? await backwardPass(subject, shared ?? (await forwardPass(subject, bnMode)), bnMode)
		: undefined;
	return { counts, batch: subject.batch.shape[0], codes, backward };
}

function layerReports({ codes, backward }: Evidence): LayerReport[] {
	const names = [...(codes?.logDeterminants.keys() ?? backward?.saliencies.keys() ?? [])];
	return names.map((name) => ({
		name,
		logDeterminant: codes?.logDeterminants.get(name),
		saliency: backward?.saliencies.get(name),
	}));
}

function checkBatch({ network, batch, proxies }: ScoreRequest): void {
	const [count, channels, height, width] = batch.shape;
	const { size } = network.input;
	if (height !== size || width !== size || channels !== network.input.channels)
		throw invalidArgument(
			"batch",
			`holds ${channels}×${height}×${width} images, but the network takes ${network.input.channels}×${size}×${size}`,
		);
	if (count < 2)
		throw invalidArgument("batch", "needs at least 2 images: the proxies compare images with each other");
	if (batch.labels.some((label) => label < 0n || label >= BigInt(network.classes)))
		throw invalidArgument("batch.labels", `must be 0 … ${network.classes - 1}, the classes of the network`);
	const unknown = proxies.find((name) => !Object.hasOwn(PROXIES, name));
	if (unknown !== undefined) throw invalidArgument("proxies", `"${unknown}" is not a proxy`, "UNKNOWN_PROXY");
	if (proxies.length === 0) throw invalidArgument("proxies", "must name at least one proxy");
}

/** z(x) = [NASWOT, SNIP-SSNR, parameters, flopCount] of α_x, the description of a cell. */
export interface ZcVector {
	readonly naswot: number;
	readonly snipSsnr: number;
	readonly parameterCount: number;
	readonly flopCount: number;
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
