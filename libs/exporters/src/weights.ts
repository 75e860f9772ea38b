import { invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import { initializeParameters, type LayerGraph, parameterSpecs } from "@archgen/search-space";

/** What an exporter may use beyond the network; forms without weights take the provenance alone. */
export interface ExportOptions {
	/** Values by parameter name (`parameterSpecs`); freshly initialised unless given. */
	readonly parameters?: ReadonlyMap<string, Float32Array>;
	/** Seed of the initialisation, 0 unless given. */
	readonly seed?: number;
	/** Where the network comes from, as texts by name; kept in the file's metadata. */
	readonly provenance?: Readonly<Record<string, string>>;
}

/**
 * Values of every parameter by name, given or drawn from the seed: the same in every file with weights.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason MISSING_PARAMETER, when the given parameters lack one
 */
export function networkParameters(
	graph: LayerGraph,
	{ parameters, seed = 0 }: ExportOptions,
): Map<string, Float32Array> {
	const values = parameters ?? initializeParameters(graph, createRandom(seed));
	return new Map(parameterSpecs(graph).map(({ name }) => [name, parameterValue(values, name)]));
}

/** Fresh running statistics of every batch normalisation by name: means 0, variances 1. */
export function freshStatistics(graph: LayerGraph): Map<string, Float32Array> {
	return new Map(
		graph.layers.flatMap((layer): [string, Float32Array][] =>
			layer.kind === "batch_norm"
				? [
						[`${layer.name}.running_mean`, new Float32Array(layer.channels)],
						[`${layer.name}.running_var`, new Float32Array(layer.channels).fill(1)],
					]
				: [],
		),
	);
}

function parameterValue(parameters: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
	const value = parameters.get(name);
	if (value === undefined) throw invalidArgument(`parameters["${name}"]`, "is missing", "MISSING_PARAMETER");
	return value;
}
