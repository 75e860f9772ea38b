import type { ArchgenError } from "@archgen/errors";
import {
	ageingEvolution,
	CELL_EVOLUTION,
	CELL_TEMPERATURES,
	type CellSource,
	type Evaluation,
	type EvolutionDependencies,
	type EvolutionOptions,
	HL_EVO,
	HL_EVO_MEANS,
	type Meter,
	PARETO,
	RANDOM_CELLS,
	RANDOM_CLUSTERS,
	RANDOM_SEARCH,
	type SearchStrategy,
} from "@archgen/evolution";
import { LatencyModel, peakActivationBytes } from "@archgen/latency";
import { type ModelStore, readMixture } from "@archgen/models";
import { itemToError, type zcproxy } from "@archgen/rpc";
import { evaluateAtSize } from "../scorer.js";
import { RemoteSynonyms } from "../synonym-source.js";
import type { Upstream } from "../upstream.js";
import { Versions } from "../versions.js";
import type { JobModel, JobSpec, SearchSpec } from "./job.js";
import { passes, patiently } from "./patience.js";

export const STRATEGIES: Readonly<Record<JobSpec["strategy"], SearchStrategy>> = {
	"hl-evo": HL_EVO,
	"hl-evo-means": HL_EVO_MEANS,
	ageing: ageingEvolution(),
	cells: CELL_EVOLUTION,
	random: RANDOM_SEARCH,
	pareto: PARETO,
};

/** Kept beside the objective: the sequence generator is trained on them. */
const FURTHER_PROXIES = ["naswot", "snip_ssnr"];

/** Options of the search that a spec describes. */
export function searchOptions(spec: SearchSpec, model: JobModel | null): EvolutionOptions {
	const { target, constraints, evaluations, populationSize, seed, parallelism, costs, limits } = spec;
	return {
		costs,
		limits,
		target,
		constraints,
		evaluations,
		populationSize,
		seed,
		parallelism,
		clusters: model?.clusters ?? RANDOM_CLUSTERS,
		strategy: STRATEGIES[spec.strategy],
	};
}

/** The model that draws cells for a job; null with random cells. */
export async function modelOf(
	{ cells, modelVersion }: JobSpec,
	store: ModelStore,
	name: string,
): Promise<JobModel | null> {
	if (cells === "random") return null;
	const bundle = await store.open(name, modelVersion === "" ? undefined : { version: modelVersion });
	const { weights } = await readMixture(bundle);
	return { name, version: bundle.manifest.version, clusters: weights.length };
}

/**
 * Cells and scores from the other services. Where a service cannot answer, it is asked again until it can.
 *
 * @param report told what stands in the way, and with null that nothing does any more
 */
export function remoteSearch(
	spec: JobSpec,
	model: JobModel | null,
	upstream: Upstream,
	report: (error: ArchgenError | null) => void,
): EvolutionDependencies {
	const proxies = [...new Set([spec.objective, ...FURTHER_PROXIES])];
	const task = { ...spec.scoring, proxies, seed: spec.seed };
	return {
		meter: meterOf(spec),
		cells: model === null ? RANDOM_CELLS : remoteCells(spec, model, upstream, report),
		objective: {
			evaluate: (network, signal) =>
				patiently(
					async () => readEvaluation(await evaluateAtSize(upstream, network, task, signal), spec.objective),
					signal,
					report,
				),
		},
	};
}

/** Measures what costs, limits or a latency table ask for. */
function meterOf({ costs, limits, latencyTable }: JobSpec): Meter | undefined {
	const latency = latencyTable && new LatencyModel(latencyTable);
	const wanted = latency !== null || costs.includes("peakActivationBytes") || Object.keys(limits).length > 0;
	if (!wanted) return undefined;
	return (network) => {
		const estimate = latency?.predict(network);
		return {
			peakActivationBytes: peakActivationBytes(network),
			...(estimate && { latencyMs: estimate.ms, latencyErrorMs: estimate.errorMs }),
		};
	};
}

function remoteCells(
	{ temperature }: JobSpec,
	{ version }: JobModel,
	upstream: Upstream,
	report: (error: ArchgenError | null) => void,
): CellSource {
	const temperatures = { ...CELL_TEMPERATURES, means: temperature };
	return {
		sample: (cells, random, signal) => {
			const seed = random.integer(2 ** 31);
			return patiently(
				() => {
					const source = new RemoteSynonyms(upstream, new Versions(), version);
					return source.sample({ cells, temperatures, seed }, signal);
				},
				signal,
				report,
			);
		},
	};
}

/** @throws what passes, so that it is tried again; a network that cannot be scored is a result */
function readEvaluation(outcome: zcproxy.EvaluationResult["outcome"], objective: string): Evaluation {
	if (outcome?.$case !== "score") {
		if (outcome !== undefined && passes(itemToError(outcome.value))) throw itemToError(outcome.value);
		return { ok: false, reason: outcome?.value.reason ?? "NO_OUTCOME" };
	}
	const { values } = outcome.value;
	const found = values[objective]?.outcome;
	if (found?.$case !== "value") return { ok: false, reason: found?.value.reason ?? "NOT_SCORED" };
	return { ok: true, score: found.value, naswot: read(values.naswot), snipSsnr: read(values.snip_ssnr) };
}

function read(value: zcproxy.ProxyValue | undefined): number | undefined {
	return value?.outcome?.$case === "value" ? value.outcome.value : undefined;
}
