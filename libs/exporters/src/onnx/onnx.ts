import { invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import {
	DEFAULT_TASK,
	initializeParameters,
	type LayerGraph,
	lowerNetwork,
	type Network,
	parameterSpecs,
	TASKS,
	type TaskName,
} from "@archgen/search-space";
import { buildModel, type NamedArray } from "@archgen/tensor-graph";
import { freshStatistics, networkTensors } from "./network-tensors.js";

/** Where the weights of an exported network come from. */
export interface OnnxOptions {
	/** Values by parameter name (`parameterSpecs`); freshly initialised unless given. */
	readonly parameters?: ReadonlyMap<string, Float32Array>;
	/** Seed of the initialisation, 0 unless given. */
	readonly seed?: number;
	/** Where the network comes from, as texts by name; kept in `metadata_props`. */
	readonly provenance?: Readonly<Record<string, string>>;
}

/**
 * The network as an ONNX file: input `images` [batch, channels, height, width], output [batch, classes] or a map, named as the task has it
 * (`logits`, `values`, `maps`, `features`), batch free. One
 * node per primitive layer, named after it; initialisers have PyTorch's state_dict names. Trainable are exactly the
 * initialisers named `*.weight` and `*.bias`.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason MISSING_PARAMETER, when the given parameters lack one
 */
export function networkToOnnx(network: Network, options: OnnxOptions = {}): Uint8Array {
	return layersToOnnx(lowerNetwork(network), options);
}

/** Any list of layers as an ONNX file: input `images` [batch, channels, height, width], output `logits` or as the task has it; as {@link networkToOnnx}. */
export function layersToOnnx(
	graph: LayerGraph & { readonly task?: TaskName },
	{ parameters, seed = 0, provenance }: OnnxOptions = {},
): Uint8Array {
	const values = parameters ?? initializeParameters(graph, createRandom(seed));
	const constants = new Map<string, NamedArray>(
		parameterSpecs(graph).map(({ name, shape }) => [name, { data: parameterValue(values, name), shape }]),
	);
	for (const [name, data] of freshStatistics(graph)) constants.set(name, { data, shape: [data.length] });
	const { images, logits } = networkTensors(graph);
	const metadata = provenance && { metadata: provenance };
	const outputs = { [TASKS[graph.task ?? DEFAULT_TASK].output]: logits };
	return buildModel({ inputs: [images], outputs, constants, name: "network", ...metadata });
}

function parameterValue(parameters: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
	const value = parameters.get(name);
	if (value === undefined) throw invalidArgument(`parameters["${name}"]`, "is missing", "MISSING_PARAMETER");
	return value;
}
