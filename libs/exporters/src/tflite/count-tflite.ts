import type { Counts } from "@archgen/search-space";
import { readModel } from "./read-model.js";
import type { OperatorName } from "./schema.js";
import type { TfliteModel, TfliteOperator } from "./tflite-model.js";

/** Counts that a file in which batch normalisation is folded still shows. */
export interface TfliteCounts extends Pick<Counts, "macCount" | "layerCount"> {
	/**
	 * Numbers in the constants named `*.weight` and `*.bias`. Of a batch normalisation with affine behind a convolution one number a channel is
	 * left, the bias that it became; one without a convolution, or without affine, has two.
	 */
	readonly parameterCount: number;
}

type Macs = (model: TfliteModel, operator: TfliteOperator) => number;

const none: Macs = () => 0;
const sizeOf = (model: TfliteModel, index: number) =>
	model.tensors[index]!.shape.reduce((product, side) => product * side, 1);

/** Each output reads a filter [outputs, k, k, depth]. */
const convolution: Macs = (model, { inputs, output }) =>
	(sizeOf(model, output) * sizeOf(model, inputs[1]!)) / model.tensors[inputs[1]!]!.shape[0]!;

/** Multiply-accumulates of weights by operator, derived from shapes in the file alone. */
const MACS: { readonly [O in OperatorName]: Macs } = {
	CONV_2D: convolution,
	FULLY_CONNECTED: convolution,
	DEPTHWISE_CONV_2D: (model, { inputs, output }) => {
		const [, height, width] = model.tensors[inputs[1]!]!.shape;
		return sizeOf(model, output) * height! * width!;
	},
	ADD: none,
	AVERAGE_POOL_2D: none,
	LOGISTIC: none,
	MUL: none,
	RELU: none,
	RESHAPE: none,
	PAD: none,
	MEAN: none,
	SUB: none,
	HARD_SWISH: none,
};

/**
 * Counts an exported network anew from its TensorFlow Lite file; it shares nothing with `countNetwork`.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason INVALID_TFLITE or UNSUPPORTED_TFLITE_OPERATOR
 */
export function countTflite(file: Uint8Array): TfliteCounts {
	const model = readModel(file);
	const trainable = model.tensors.filter(
		({ name, data }) => data !== undefined && /\.(weight|bias)$/.test(name),
	);
	return {
		parameterCount: trainable.reduce((total, { data }) => total + data!.length, 0),
		macCount: model.operators.reduce(
			(total, operator) => total + MACS[operator.operator](model, operator),
			0,
		),
		layerCount: model.operators.filter(({ operator }) => MACS[operator] !== none).length,
	};
}
