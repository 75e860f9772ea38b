import type { Layer, LayerKind, LayerOfKind } from "@archgen/search-space";
import {
	add,
	averagePool2d,
	conv2d,
	hardSigmoid,
	hardSwish,
	linear,
	mul,
	NORMALIZATION_EPSILON,
	neg,
	normalize,
	reduceMean,
	relu,
	reshape,
	type Statistics,
	scalar,
	shiftedConv2d,
	sigmoid,
	statisticsOf,
	type Tensor,
	withGradient,
} from "@archgen/tensor-graph";

/** How batch normalisation acts: by fresh running statistics ("eval") or by the batch's own ("train"). */
export type BatchNormMode = "eval" | "train";

export interface ExpressionContext {
	readonly bnMode: BatchNormMode;
	/**
	 * The BN that alone reads a convolution's value, by the value: where its statistics are known beforehand, the convolution does its work,
	 * with the few weights multiplied instead of the many activations. In eval mode the signs of the value stay the same.
	 */
	readonly folded: ReadonlyMap<number, LayerOfKind<"batch_norm">>;
	/** Statistics of the minibatch at a BN in train mode that an earlier pass has found. */
	readonly statistics?: (layer: LayerOfKind<"batch_norm">) => Statistics;
	/** Is told the statistics that a BN in train mode finds. */
	readonly onStatistics?: (layer: LayerOfKind<"batch_norm">, statistics: Statistics) => void;
	/** Factor that brings the section's rescaled input back to its true size, a scalar; see {@link descale}. */
	readonly inputScale: Tensor;
	/** The tensor of a trainable parameter of a layer, e.g. `node3.conv.weight`. */
	parameter(name: string, shape: readonly number[]): Tensor;
}

type Rule<K extends LayerKind> = (
	layer: LayerOfKind<K>,
	inputs: readonly Tensor[],
	context: ExpressionContext,
) => Tensor;

const IMAGES_AND_PLACES = [0, 2, 3];
const RUNNING_SCALE = 1 / Math.sqrt(1 + NORMALIZATION_EPSILON);

/**
 * The tensor expression of each kind of layer. Batch normalisation's scale and shift are left out: proxies look at
 * untrained networks, where they are 1 and 0.
 */
const RULES: { readonly [K in LayerKind]: Rule<K> } = {
	conv(layer, [x], { parameter, folded, bnMode, statistics }) {
		const { inChannels, outChannels, kernel, stride, padding, dilation, groups } = layer;
		const weight = parameter(`${layer.name}.weight`, [outChannels, inChannels / groups, kernel, kernel]);
		const convolve = (w: Tensor) => conv2d(x!, w, { stride, padding, dilation, groups });
		const reader = folded.get(layer.output);
		if (reader && bnMode === "eval") return convolve(mul(weight, scalar(RUNNING_SCALE)));
		const y = convolve(weight);
		if (reader && statistics) {
			const known = statistics(reader);
			const scaled = mul(weight, reshape(known.precision, [outChannels, 1, 1, 1]));
			const shift = neg(mul(known.mean, known.precision));
			const normalized = shiftedConv2d(x!, scaled, shift, { stride, padding, dilation, groups });
			return normalize(y, IMAGES_AND_PLACES, NORMALIZATION_EPSILON, known, normalized);
		}
		return layer.bias
			? add(y, reshape(parameter(`${layer.name}.bias`, [outChannels]), [1, outChannels, 1, 1]))
			: y;
	},
	batch_norm(layer, [x], { bnMode, folded, statistics, onStatistics }) {
		if (folded.has(layer.inputs[0]!)) return x!;
		if (bnMode === "eval") return mul(x!, scalar(RUNNING_SCALE));
		const known = statistics?.(layer) ?? statisticsOf(x!, IMAGES_AND_PLACES);
		onStatistics?.(layer, known);
		return normalize(x!, IMAGES_AND_PLACES, NORMALIZATION_EPSILON, known);
	},
	relu: (_layer, [x]) => relu(x!),
	hard_swish: (_layer, [x]) => hardSwish(x!),
	hard_sigmoid: (_layer, [x]) => hardSigmoid(x!),
	sigmoid: (_layer, [x]) => sigmoid(x!),
	squeeze: (_layer, [x]) => reduceMean(x!, [2, 3], true),
	flatten: (_layer, [x]) => reshape(x!, [x!.shape[0]!, x!.shape[1]!] as number[]),
	scale: (_layer, [x, gate]) => mul(x!, gate!),
	average_pool: ({ kernel, stride, padding }, [x]) => averagePool2d(x!, { kernel, stride, padding }),
	zero: (_layer, [x]) => mul(x!, scalar(0)),
	add: (_layer, inputs) => inputs.reduce((sum, x) => add(sum, x)),
	global_average_pool: (_layer, [x]) => reduceMean(x!, [2, 3]),
	linear({ name, inFeatures, outFeatures }, [x], { parameter, inputScale }) {
		const product = linear(x!, parameter(`${name}.weight`, [outFeatures, inFeatures]));
		return add(descale(product, inputScale), parameter(`${name}.bias`, [outFeatures]));
	},
};

/**
 * Logits of their true size from a rescaled input. The gradient passes unscaled: it belongs to the rescaled features, and
 * at true size it would underflow together with them.
 */
function descale(product: Tensor, inputScale: Tensor): Tensor {
	return withGradient(mul(product, inputScale), [product], (upstream) => [upstream]);
}

/** {@link ExpressionContext.folded} for some layers. */
export function foldedValues(layers: readonly Layer[]): ReadonlyMap<number, LayerOfKind<"batch_norm">> {
	const folded = new Map<number, LayerOfKind<"batch_norm">>();
	for (const layer of layers) {
		if (layer.kind !== "conv" || layer.bias) continue;
		const [reader, ...others] = layers.filter(({ inputs }) => inputs.includes(layer.output));
		if (reader?.kind === "batch_norm" && others.length === 0) folded.set(layer.output, reader);
	}
	return folded;
}

/** The result of one layer. */
export function expressLayer(layer: Layer, inputs: readonly Tensor[], context: ExpressionContext): Tensor {
	// The kind of a layer selects the rule of that kind, which the compiler cannot follow through a lookup.
	return (RULES[layer.kind] as Rule<LayerKind>)(layer, inputs, context);
}

/** Whether f(cx) = c·f(x) for c > 0; only then may the input of a section be rescaled. */
const HOMOGENEOUS: { readonly [K in LayerKind]: (layer: LayerOfKind<K>) => boolean } = {
	conv: ({ bias }) => !bias,
	batch_norm: () => true,
	relu: () => true,
	hard_swish: () => false,
	hard_sigmoid: () => false,
	sigmoid: () => false,
	squeeze: () => true,
	flatten: () => true,
	// a product of two values that both grow with the input
	scale: () => false,
	average_pool: () => true,
	add: () => true,
	zero: () => true,
	global_average_pool: () => true,
	// rescales its logits itself
	linear: () => true,
};

/** Whether a layer is positively homogeneous. */
export function isHomogeneous(layer: Layer): boolean {
	return (HOMOGENEOUS[layer.kind] as (layer: Layer) => boolean)(layer);
}

/** Whether a layer has weights that saliencies and sign codes look at. */
export function isWeighted(layer: Layer): layer is LayerOfKind<"conv"> | LayerOfKind<"linear"> {
	return layer.kind === "conv" || layer.kind === "linear";
}
