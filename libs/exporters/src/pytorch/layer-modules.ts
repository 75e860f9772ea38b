import type { Layer, LayerKind, LayerOfKind } from "@archgen/search-space";

/** A layer as a Python module and an expression. */
interface LayerModule<K extends LayerKind> {
	/** Constructor call; null for a layer that is an expression alone. */
	readonly construct: ((layer: LayerOfKind<K>) => string) | null;
	/** Result from the names of the values read; the module is called with them unless given. */
	readonly express?: (inputs: readonly string[]) => string;
}

const module = <K extends LayerKind>(call: string): LayerModule<K> => ({ construct: () => call });

/** PyTorch form of each kind of layer. */
const LAYER_MODULES: { readonly [K in LayerKind]: LayerModule<K> } = {
	conv: {
		construct: ({ inChannels, outChannels, kernel, stride, padding, dilation, groups, bias }) => {
			const options = [
				...(stride === 1 ? [] : [`stride=${stride}`]),
				...(padding === 0 ? [] : [`padding=${padding}`]),
				...(dilation === 1 ? [] : [`dilation=${dilation}`]),
				...(groups === 1 ? [] : [`groups=${groups}`]),
				...(bias ? [] : ["bias=False"]),
			];
			return `nn.Conv2d(${[inChannels, outChannels, kernel, ...options].join(", ")})`;
		},
	},
	batch_norm: {
		construct: ({ channels, affine }) => `nn.BatchNorm2d(${channels}${affine ? "" : ", affine=False"})`,
	},
	relu: module("nn.ReLU()"),
	hard_swish: module("nn.Hardswish()"),
	hard_sigmoid: module("nn.Hardsigmoid()"),
	sigmoid: module("nn.Sigmoid()"),
	squeeze: module("nn.AdaptiveAvgPool2d(1)"),
	flatten: module("nn.Flatten()"),
	scale: { construct: null, express: ([x, gate]) => `${x} * ${gate}` },
	average_pool: {
		construct: ({ kernel, stride, padding }) =>
			`nn.AvgPool2d(${kernel}, ${stride}, ${padding}, count_include_pad=False)`,
	},
	add: { construct: null, express: (inputs) => inputs.join(" + ") },
	zero: { construct: null, express: ([x]) => `torch.zeros_like(${x})` },
	global_average_pool: module("nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())"),
	linear: { construct: ({ inFeatures, outFeatures }) => `nn.Linear(${inFeatures}, ${outFeatures})` },
};

/** Constructor call of a layer's module; null where it needs none. */
export function constructLayer(layer: Layer): string | null {
	const { construct } = LAYER_MODULES[layer.kind] as unknown as LayerModule<LayerKind>;
	return construct?.(layer) ?? null;
}

/** The layer applied: a call of `self.path`, or an expression. */
export function layerCall(layer: Layer, path: string, inputs: readonly string[]): string {
	const { express } = LAYER_MODULES[layer.kind];
	return express?.(inputs) ?? `self.${path}(${inputs.join(", ")})`;
}
