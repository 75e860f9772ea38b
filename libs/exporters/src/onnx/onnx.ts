import {
	DEFAULT_TASK,
	type LayerGraph,
	lowerNetwork,
	type Network,
	parameterSpecs,
	TASKS,
	type TaskName,
} from "@archgen/search-space";
import { buildModel, type NamedArray } from "@archgen/tensor-graph";
import { type ExportOptions, networkParameters, runningStatistics } from "../weights.js";
import { networkTensors } from "./network-tensors.js";

/**
 * The network as an ONNX file: input `images` [batch, channels, height, width], output [batch, classes] or a map, named as the task has it
 * (`logits`, `values`, `maps`, `features`), batch free. One
 * node per primitive layer, named after it; initialisers have PyTorch's state_dict names. Trainable are exactly the
 * initialisers named `*.weight` and `*.bias`.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason MISSING_PARAMETER, when the given parameters lack one
 */
export function networkToOnnx(network: Network, options: ExportOptions = {}): Uint8Array {
	return layersToOnnx(lowerNetwork(network), options);
}

/** Any list of layers as an ONNX file: input `images` [batch, channels, height, width], output `logits` or as the task has it; as `networkToOnnx`. */
export function layersToOnnx(
	graph: LayerGraph & { readonly task?: TaskName },
	options: ExportOptions = {},
): Uint8Array {
	const { provenance } = options;
	const values = networkParameters(graph, options);
	const constants = new Map<string, NamedArray>(
		parameterSpecs(graph).map(({ name, shape }) => [name, { data: values.get(name)!, shape }]),
	);
	for (const [name, data] of runningStatistics(graph, options))
		constants.set(name, { data, shape: [data.length] });
	const { images, logits } = networkTensors(graph);
	const metadata = provenance && { metadata: provenance };
	const outputs = { [TASKS[graph.task ?? DEFAULT_TASK].output]: logits };
	return buildModel({ inputs: [images], outputs, constants, name: "network", ...metadata });
}
