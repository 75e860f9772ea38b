import type { Layer, LayerKind, LayerOfKind } from "@archgen/search-space";
import type { Operator, Tensor } from "@archgen/tensor-graph";

/** ε of batch normalisation, PyTorch's default. */
export const BATCH_NORM_EPSILON = 1e-5;

/** One layer as the ONNX node that deployment tools know it by; reads its value(s), then its parameters. */
type InferenceOperator<K extends LayerKind> = Operator<LayerOfKind<K>>;

/** What is the same for every kind: one node, named after its layer, of the shape the caller computed. */
function inference<K extends LayerKind>(
	name: string,
	shape: (x: Tensor, layer: LayerOfKind<K>) => Tensor["shape"],
	emit: InferenceOperator<K>["emit"],
): InferenceOperator<K> {
	return {
		name,
		infer: (inputs, layer) => ({ shape: shape(inputs[0]!, layer), dtype: inputs[0]!.dtype }),
		emit,
		gradient: null,
	};
}

const sameShape = (x: Tensor) => x.shape;
const squares = (value: number) => [value, value];
const around = (padding: number) => [padding, padding, padding, padding];

/** Length of an axis after a window has passed over it. */
function windows(size: number, window: number, padding: number, stride: number): number {
	return Math.floor((size + 2 * padding - window) / stride) + 1;
}

function slid(x: Tensor, channels: number, window: number, padding: number, stride: number): Tensor["shape"] {
	const sides = x.shape.slice(2).map((side) => windows(side as number, window, padding, stride));
	return [x.shape[0]!, channels, ...sides];
}

/**
 * The operators of an exported network. Unlike the engine's own, which are made to be differentiated, each layer is
 * exactly one node here: biases inside Conv and Gemm, batch normalisation with running statistics.
 */
const INFERENCE_OPERATORS: { readonly [K in LayerKind]: InferenceOperator<K> } = {
	conv: inference(
		"inferenceConv",
		(x, { outChannels, kernel, dilation, padding, stride }) =>
			slid(x, outChannels, dilation * (kernel - 1) + 1, padding, stride),
		(writer, inputs, { name, kernel, stride, padding, dilation, groups }) =>
			writer.node(
				"Conv",
				inputs,
				{
					kernel_shape: squares(kernel),
					strides: squares(stride),
					pads: around(padding),
					dilations: squares(dilation),
					group: groups,
				},
				{ name },
			),
	),
	batch_norm: inference("inferenceBatchNorm", sameShape, (writer, inputs, { name }) =>
		writer.node("BatchNormalization", inputs, { epsilon: { float: BATCH_NORM_EPSILON } }, { name }),
	),
	// x − x: the one node that needs no constant
	zero: inference("inferenceZero", sameShape, (writer, [x], { name }) =>
		writer.node("Sub", [x!, x!], {}, { name }),
	),
	relu: inference("inferenceRelu", sameShape, (writer, inputs, { name }) =>
		writer.node("Relu", inputs, {}, { name }),
	),
	hard_swish: inference("inferenceHardSwish", sameShape, (writer, inputs, { name }) =>
		writer.node("HardSwish", inputs, {}, { name }),
	),
	hard_sigmoid: inference("inferenceHardSigmoid", sameShape, (writer, inputs, { name }) =>
		writer.node("HardSigmoid", inputs, { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }, { name }),
	),
	sigmoid: inference("inferenceSigmoid", sameShape, (writer, inputs, { name }) =>
		writer.node("Sigmoid", inputs, {}, { name }),
	),
	squeeze: inference(
		"inferenceSqueeze",
		(x) => [x.shape[0]!, x.shape[1]!, 1, 1],
		(writer, inputs, { name }) => writer.node("GlobalAveragePool", inputs, {}, { name }),
	),
	flatten: inference(
		"inferenceFlatten",
		(x) => [x.shape[0]!, x.shape[1]!],
		(writer, inputs, { name }) => writer.node("Flatten", inputs, { axis: 1 }, { name }),
	),
	scale: inference("inferenceScale", sameShape, (writer, inputs, { name }) =>
		writer.node("Mul", inputs, {}, { name }),
	),
	average_pool: inference(
		"inferenceAveragePool",
		(x, { kernel, padding, stride }) => slid(x, x.shape[1] as number, kernel, padding, stride),
		(writer, inputs, { name, kernel, stride, padding }) =>
			writer.node(
				"AveragePool",
				inputs,
				{
					kernel_shape: squares(kernel),
					strides: squares(stride),
					pads: around(padding),
					count_include_pad: 0,
				},
				{ name },
			),
	),
	add: inference("inferenceSum", sameShape, (writer, inputs, { name }) =>
		writer.node("Sum", inputs, {}, { name }),
	),
	global_average_pool: inference(
		"inferenceGlobalAveragePool",
		(x) => [x.shape[0]!, x.shape[1]!],
		(writer, inputs, { name }) =>
			writer.node(
				"Flatten",
				[writer.node("GlobalAveragePool", inputs, {}, { name: `${name}_mean` })],
				{ axis: 1 },
				{ name },
			),
	),
	linear: inference(
		"inferenceLinear",
		(x, { outFeatures }) => [x.shape[0]!, outFeatures],
		(writer, inputs, { name }) => writer.node("Gemm", inputs, { transB: 1 }, { name }),
	),
};

/** The operator of a layer's kind. */
export function inferenceOperator(layer: Layer): Operator<Layer> {
	// The kind of a layer selects the operator of that kind, which the compiler cannot follow through a lookup.
	return INFERENCE_OPERATORS[layer.kind] as unknown as Operator<Layer>;
}
