import type { Layer, LayerKind, LayerOfKind } from "@archgen/search-space";
import {
	add,
	averagePool2d,
	conv2d,
	linear,
	mul,
	NORMALIZATION_EPSILON,
	normalize,
	reduceMean,
	relu,
	reshape,
	scalar,
	type Tensor,
	withGradient,
} from "@archgen/tensor-graph";

/** How batch normalisation acts: by fresh running statistics ("eval") or by the batch's own ("train"). */
export type BatchNormMode = "eval" | "train";

export interface ExpressionContext {
	readonly bnMode: BatchNormMode;
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

const RUNNING_SCALE = 1 / Math.sqrt(1 + NORMALIZATION_EPSILON);

/**
 * The tensor expression of each kind of layer. Batch normalisation's scale and shift are left out: proxies look at
 * untrained networks, where they are 1 and 0.
 */
const RULES: { readonly [K in LayerKind]: Rule<K> } = {
	conv(layer, [x], { parameter }) {
		const { inChannels, outChannels, kernel, stride, padding, dilation, groups } = layer;
		const weight = parameter(`${layer.name}.weight`, [outChannels, inChannels / groups, kernel, kernel]);
		const y = conv2d(x!, weight, { stride, padding, dilation, groups });
		return layer.bias
			? add(y, reshape(parameter(`${layer.name}.bias`, [outChannels]), [1, outChannels, 1, 1]))
			: y;
	},
	batch_norm: (_layer, [x], { bnMode }) =>
		bnMode === "train" ? normalize(x!, [0, 2, 3]) : mul(x!, scalar(RUNNING_SCALE)),
	relu: (_layer, [x]) => relu(x!),
	average_pool: ({ kernel, stride, padding }, [x]) => averagePool2d(x!, { kernel, stride, padding }),
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

/** The result of one layer. */
export function expressLayer(layer: Layer, inputs: readonly Tensor[], context: ExpressionContext): Tensor {
	// The kind of a layer selects the rule of that kind, which the compiler cannot follow through a lookup.
	return (RULES[layer.kind] as Rule<LayerKind>)(layer, inputs, context);
}

/** Whether a layer has weights that saliencies and sign codes look at. */
export function isWeighted(layer: Layer): layer is LayerOfKind<"conv"> | LayerOfKind<"linear"> {
	return layer.kind === "conv" || layer.kind === "linear";
}
