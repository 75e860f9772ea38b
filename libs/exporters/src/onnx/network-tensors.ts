import { type Layer, type LayerGraph, layerParameters } from "@archgen/search-space";
import { constant, input, Tensor } from "@archgen/tensor-graph";
import { inferenceOperator } from "./inference-operators.js";

/** A network as an expression of named inputs. */
export interface NetworkTensors {
	/** [batch, channels, height, width], batch free. */
	readonly images: Tensor;
	/** [batch, classes], or for dense prediction and features a map [batch, channels, height, width]. */
	readonly logits: Tensor;
}

/**
 * The forward pass of a layer list, batch normalisation in inference form. Parameters are inputs named
 * `${layer}.weight` and `${layer}.bias`; running statistics are inputs named
 * `${layer}.running_mean` and `${layer}.running_var`, see `runningStatistics`.
 */
export function networkTensors(graph: LayerGraph): NetworkTensors {
	const { channels, height, width } = graph.values[graph.input]!;
	const images = input("images", ["batch", channels, height, width]);
	const values = new Map<number, Tensor>([[graph.input, images]]);
	for (const layer of graph.layers) {
		const read = layer.inputs.map((value) => values.get(value)!);
		values.set(layer.output, layerTensor(layer, [...read, ...parameterTensors(layer)]));
	}
	return { images, logits: values.get(graph.output)! };
}

function layerTensor(layer: Layer, inputs: readonly Tensor[]): Tensor {
	const operator = inferenceOperator(layer);
	const { shape, dtype } = operator.infer(inputs, layer);
	return new Tensor(operator as Tensor["operator"], inputs, layer, shape, dtype);
}

function parameterTensors(layer: Layer): Tensor[] {
	const own = layerParameters(layer).map(({ name, shape }) => input(name, shape));
	if (layer.kind !== "batch_norm") return own;
	const shape = [layer.channels];
	const statistics = ["running_mean", "running_var"].map((field) => input(`${layer.name}.${field}`, shape));
	return [...(layer.affine ? own : identityAffine(layer.channels)), ...statistics];
}

/** ONNX knows no batch normalisation without scale and shift: constants 1 and 0, which are no parameters. */
function identityAffine(channels: number): Tensor[] {
	return [
		constant(new Float32Array(channels).fill(1), [channels]),
		constant(new Float32Array(channels), [channels]),
	];
}
