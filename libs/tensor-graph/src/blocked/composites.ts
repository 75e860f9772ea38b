import type { CompositeAttributes, CompositeName, Composites } from "../operators/composite.js";
import type { Conv2dAttributes } from "../operators/convolution.js";
import type { Tensor } from "../tensor.js";
import type { BlockedLayout, LaidOut } from "./blocked-layout.js";
import {
	blockedConvolution,
	blockedDenseWeightGradient,
	blockedDepthwiseWeightGradient,
	isDenseOrDepthwise,
} from "./convolution-forms.js";
import {
	channelMeanProduct,
	channelResidual,
	channelStandardize,
	channelVariance,
} from "./normalization-forms.js";
import { signCodeProduct } from "./sign-code-product.js";

interface CompositeForm<K extends CompositeName> {
	/** Whether the blocked form is worth it. Default always. */
	readonly takes?: (sources: readonly Tensor[], attributes: Composites[K]) => boolean;
	readonly write: (layout: BlockedLayout, sources: readonly Tensor[], attributes: Composites[K]) => LaidOut;
}

/** The blocked form of every composite: what onnxruntime's blocked operators can do in one. */
const FORMS: { readonly [K in CompositeName]: CompositeForm<K> } = {
	shiftedConv2d: {
		takes: (inputs, attributes) => isDenseOrDepthwise({ inputs, attributes }),
		write: (layout, [x, weight, shift], attributes: Conv2dAttributes) =>
			blockedConvolution(layout, { inputs: [x!, weight!], attributes }, null, shift),
	},
	denseWeightGradient: {
		// A 1×1 kernel has one product to make, for which matrices are as fast.
		takes: (_, { kernel, dilation }) => kernel > 1 && dilation === 1,
		write: (layout, sources, attributes) =>
			blockedDenseWeightGradient(layout, sources, attributes.kernel, attributes),
	},
	depthwiseWeightGradient: {
		write: (layout, sources, attributes) =>
			blockedDepthwiseWeightGradient(layout, sources, attributes.kernel, attributes),
	},
	channelMeanProduct: { write: channelMeanProduct },
	channelVariance: { write: channelVariance },
	channelStandardize: { write: channelStandardize },
	channelResidual: { write: channelResidual },
	signCodeProduct: { write: signCodeProduct },
};

/** Whether a composite is written from its sources. */
export function takesComposite({ inputs, attributes }: Tensor): boolean {
	const { name, attributes: own } = attributes as CompositeAttributes;
	const { takes } = FORMS[name] as CompositeForm<CompositeName>;
	return takes === undefined || takes(inputs.slice(1), own as never);
}

/** Writes a composite from its sources. */
export function writeComposite(layout: BlockedLayout, { inputs, attributes }: Tensor): LaidOut {
	const { name, attributes: own } = attributes as CompositeAttributes;
	return (FORMS[name] as CompositeForm<CompositeName>).write(layout, inputs.slice(1), own as never);
}
