import {
	DEFAULT_TASK,
	type LayerGraph,
	type LayerKind,
	lowerNetwork,
	type Network,
	TASKS,
	type TaskName,
} from "@archgen/search-space";
import { type ExportOptions, networkParameters, runningStatistics } from "../weights.js";
import type { NetworkValues } from "./folded-weights.js";
import { type FusedLayer, fuseLayers } from "./fuse-layers.js";
import { GraphBuilder } from "./graph-builder.js";
import { LAYER_RULES, type LayerSite } from "./layer-rules.js";
import type { TfliteModel } from "./tflite-model.js";
import { writeModel } from "./write-model.js";

/**
 * The network as a TensorFlow Lite file in float32: input `images` [1, height, width, channels], output [1, classes] or a map with
 * channels last, named as the task has it (`logits`, `values`, `maps`, `features`) in the signature `serving_default`. Weights are those
 * of `networkToOnnx` with the same options; batch normalisation behind a convolution is folded into it.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason MISSING_PARAMETER when the given parameters lack one, EXPORT_TOO_LARGE above 2 GiB
 */
export function networkToTflite(network: Network, options: ExportOptions = {}): Uint8Array {
	return layersToTflite(lowerNetwork(network), options);
}

/** Any list of layers as a TensorFlow Lite file; as `networkToTflite`. */
export function layersToTflite(
	graph: LayerGraph & { readonly task?: TaskName },
	options: ExportOptions = {},
): Uint8Array {
	const values = new Map([...networkParameters(graph, options), ...runningStatistics(graph, options)]);
	return writeModel(modelOf(graph, values, options.provenance ?? {}));
}

function modelOf(
	graph: LayerGraph & { readonly task?: TaskName },
	values: NetworkValues,
	metadata: TfliteModel["metadata"],
): TfliteModel {
	const builder = new GraphBuilder();
	const { channels, height, width } = graph.values[graph.input]!;
	const input = builder.input("images", [1, height, width, channels]);
	const tensors = new Map([[graph.input, input]]);
	for (const { layer, output, norm, relu } of fuseLayers(graph)) {
		const inputs = layer.inputs.map((value) => tensors.get(value)!);
		tensors.set(output, layerTensor(layer, { graph: builder, values, inputs, norm, relu }));
	}
	const { output: outputName } = TASKS[graph.task ?? DEFAULT_TASK];
	const texts = { description: "archgen", metadata, outputName };
	return builder.build(input, tensors.get(graph.output)!, texts);
}

function layerTensor(layer: FusedLayer["layer"], site: LayerSite): number {
	// The kind of a layer selects the rule of that kind, which the compiler cannot follow through a lookup.
	const rule = LAYER_RULES[layer.kind as LayerKind] as unknown as (
		layer: FusedLayer["layer"],
		site: LayerSite,
	) => number;
	return rule(layer, site);
}
