import { invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import { initializeParameters, type LayerGraph, parameterSpecs } from "@archgen/search-space";

/** What an exporter may use beyond the network; forms without weights take the provenance alone. */
export interface ExportOptions {
	/**
	 * Values by PyTorch's names of a state_dict: every parameter (`parameterSpecs`), freshly initialised unless given, and
	 * `*.running_mean` and `*.running_var` of batch normalisations, 0 and 1 where they are missing. Other names are ignored.
	 */
	readonly parameters?: ReadonlyMap<string, Float32Array>;
	/** Seed of the initialisation, 0 unless given. */
	readonly seed?: number;
	/** Where the network comes from, as texts by name; kept in the file's metadata. */
	readonly provenance?: Readonly<Record<string, string>>;
}

/**
 * Values of every parameter by name, given or drawn from the seed: the same in every file with weights.
 *
 * @throws ArchgenError INVALID_ARGUMENT for given parameters, reason MISSING_PARAMETER when they lack one, PARAMETER_SHAPE when one has another size
 */
export function networkParameters(
	graph: LayerGraph,
	{ parameters, seed = 0 }: ExportOptions,
): Map<string, Float32Array> {
	const values = parameters ?? initializeParameters(graph, createRandom(seed));
	return new Map(
		parameterSpecs(graph).map(({ name, shape }) => {
			const length = shape.reduce((product, side) => product * side, 1);
			return [name, checkedValue(values.get(name), name, length)];
		}),
	);
}

/**
 * Running statistics of every batch normalisation by name: those given, else fresh ones, means 0 and variances 1.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason PARAMETER_SHAPE, when given ones have another size
 */
export function runningStatistics(
	graph: LayerGraph,
	{ parameters }: ExportOptions,
): Map<string, Float32Array> {
	return new Map(
		graph.layers.flatMap((layer) =>
			layer.kind === "batch_norm"
				? Object.entries(FRESH_STATISTICS).map(([field, fresh]): [string, Float32Array] => {
						const name = `${layer.name}.${field}`;
						const value = parameters?.get(name) ?? new Float32Array(layer.channels).fill(fresh);
						return [name, checkedValue(value, name, layer.channels)];
					})
				: [],
		),
	);
}

const FRESH_STATISTICS = { running_mean: 0, running_var: 1 };

function checkedValue(value: Float32Array | undefined, name: string, length: number): Float32Array {
	if (value === undefined) throw invalidArgument(`parameters["${name}"]`, "is missing", "MISSING_PARAMETER");
	if (value.length !== length)
		throw invalidArgument(
			`parameters["${name}"]`,
			`has ${value.length} values, the network needs ${length}`,
			"PARAMETER_SHAPE",
		);
	return value;
}
