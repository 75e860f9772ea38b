import { RANDOM_CLUSTERS } from "@archgen/design";
import {
	ageingEvolution,
	BAYESIAN_SEARCH,
	CELL_EVOLUTION,
	type EvolutionOptions,
	HL_EVO,
	HL_EVO_MEANS,
	type Meter,
	PARETO,
	RANDOM_SEARCH,
	type SearchStrategy,
} from "@archgen/evolution";
import { LatencyModel, peakActivationBytes } from "@archgen/latency";
import { findGenerator, type ModelStore, readMixture } from "@archgen/models";
import type { JobModel, JobSpec, SearchSpec } from "./job.js";

export const STRATEGIES: Readonly<Record<JobSpec["strategy"], SearchStrategy>> = {
	"hl-evo": HL_EVO,
	"hl-evo-means": HL_EVO_MEANS,
	ageing: ageingEvolution(),
	cells: CELL_EVOLUTION,
	random: RANDOM_SEARCH,
	pareto: PARETO,
	bo: BAYESIAN_SEARCH,
};

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

/**
 * The model that draws cells for a job; null with random cells.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming `cellGenerator` and the names there are
 */
export async function modelOf(
	{ cells, cellGenerator, modelVersion }: JobSpec,
	store: ModelStore,
	name: string,
): Promise<JobModel | null> {
	if (cells === "random") return null;
	const bundle = await store.open(name, modelVersion === "" ? undefined : { version: modelVersion });
	const { generators, version } = bundle.manifest;
	const found =
		cellGenerator === undefined
			? undefined
			: findGenerator(generators, "cells", cellGenerator, "cellGenerator");
	const { weights } = await readMixture(bundle);
	return { name, version, clusters: weights.length, ...(found && { cellGenerator: found }) };
}

/** Measures what costs, limits or a latency table ask for. */
export function meterOf({ costs, limits, latencyTable }: JobSpec): Meter | undefined {
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
