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
	/**
	 * Values written by a convolution whose only reader is a BN in eval mode: there the scale of the BN is multiplied into
	 * the few weights instead of the many activations. Signs of the value itself stay the same.
	 */
	readonly folded: ReadonlySet<number>;
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
	conv(layer, [x], { parameter, folded }) {
		const { inChannels, outChannels, kernel, stride, padding, dilation, groups } = layer;
		const weight = parameter(`${layer.name}.weight`, [outChannels, inChannels / groups, kernel, kernel]);
		const scaled = folded.has(layer.output) ? mul(weight, scalar(RUNNING_SCALE)) : weight;
		const y = conv2d(x!, scaled, { stride, padding, dilation, groups });
		return layer.bias
			? add(y, reshape(parameter(`${layer.name}.bias`, [outChannels]), [1, outChannels, 1, 1]))
			: y;
	},
	batch_norm({ inputs }, [x], { bnMode, folded }) {
		if (bnMode === "train") return normalize(x!, [0, 2, 3]);
		return folded.has(inputs[0]!) ? x! : mul(x!, scalar(RUNNING_SCALE));
	},
	relu: (_layer, [x]) => relu(x!),
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

/** The values of {@link ExpressionContext.folded} among those of some layers. */
export function foldedValues(layers: readonly Layer[], bnMode: BatchNormMode): ReadonlySet<number> {
	if (bnMode === "train") return new Set();
	const readers = layers.flatMap((layer) => layer.inputs);
	const normalized = new Set(layers.flatMap((layer) => (layer.kind === "batch_norm" ? layer.inputs : [])));
	return new Set(
		layers.flatMap((layer) => {
			const value = layer.output;
			const only = normalized.has(value) && readers.filter((id) => id === value).length === 1;
			return layer.kind === "conv" && !layer.bias && only ? [value] : [];
		}),
	);
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
