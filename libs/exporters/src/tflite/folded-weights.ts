import { type BatchNormLayer, type Layer, layerParameters } from "@archgen/search-space";
import { BATCH_NORM_EPSILON } from "../onnx/inference-operators.js";

/** Values of a network by name: parameters, `*.running_mean` and `*.running_var`. */
export type NetworkValues = ReadonlyMap<string, Float32Array>;

/** y = scale · x + shift for each channel. */
export interface Affine {
	readonly scale: Float32Array;
	readonly shift: Float32Array;
}

/** Batch normalisation with running statistics: scale = γ / √(σ² + ε), shift = β − scale · μ; γ = 1 and β = 0 without affine. */
export function affineOf({ name, channels, affine }: BatchNormLayer, values: NetworkValues): Affine {
	const value = (field: string) => values.get(`${name}.${field}`)!;
	const mean = value("running_mean");
	const variance = value("running_var");
	const scale = Float32Array.from(
		{ length: channels },
		(_, c) => (affine ? value("weight")[c]! : 1) / Math.sqrt(variance[c]! + BATCH_NORM_EPSILON),
	);
	const shift = Float32Array.from(
		{ length: channels },
		(_, c) => (affine ? value("bias")[c]! : 0) - scale[c]! * mean[c]!,
	);
	return { scale, shift };
}

/** Weights [outputs, …] of a convolution or linear layer with the batch normalisation behind it, and its bias. */
export function foldedWeights(
	layer: Layer,
	norm: BatchNormLayer | null,
	values: NetworkValues,
): { readonly shape: readonly number[]; readonly weight: Float32Array; readonly bias: Float32Array | null } {
	const { shape } = layerParameters(layer)[0]!;
	const weight = values.get(`${layer.name}.weight`)!;
	const bias = values.get(`${layer.name}.bias`) ?? null;
	if (norm === null) return { shape, weight, bias };
	const { scale, shift } = affineOf(norm, values);
	const fanIn = weight.length / shape[0]!;
	return {
		shape,
		weight: weight.map((w, i) => w * scale[Math.floor(i / fanIn)]!),
		bias: shift.map((value, c) => value + scale[c]! * (bias?.[c] ?? 0)),
	};
}

/** Convolution weights [outputs, depth, k, k] as TensorFlow Lite reads them: [outputs, k, k, depth]. */
export function channelsLast(
	weight: Float32Array,
	[outputs, depth, height, width]: readonly number[],
): Float32Array {
	const area = height! * width!;
	const turned = new Float32Array(weight.length);
	for (let o = 0; o < outputs!; o++)
		for (let d = 0; d < depth!; d++)
			for (let i = 0; i < area; i++)
				turned[(o * area + i) * depth! + d] = weight[(o * depth! + d) * area + i]!;
	return turned;
}
