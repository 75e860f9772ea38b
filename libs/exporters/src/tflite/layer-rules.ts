import {
	type BatchNormLayer,
	type ConvLayer,
	coveredAt,
	type LayerKind,
	type LayerOfKind,
	type WindowLayer,
	type WindowPadding,
	windowAxes,
	windowPadding,
} from "@archgen/search-space";
import { affineOf, channelsLast, foldedWeights, type NetworkValues } from "./folded-weights.js";
import type { GraphBuilder } from "./graph-builder.js";
import { ACTIVATIONS, PADDING } from "./schema.js";

/** Where the operators of a layer are written. */
export interface LayerSite {
	readonly graph: GraphBuilder;
	readonly values: NetworkValues;
	/** Tensors that the layer reads. */
	readonly inputs: readonly number[];
	/** Batch normalisation to fold into the weights. */
	readonly norm: BatchNormLayer | null;
	/** Whether the result passes a ReLU. */
	readonly relu: boolean;
}

type LayerRule<K extends LayerKind> = (layer: LayerOfKind<K>, site: LayerSite) => number;

/** Operator versions by `op_version.cc`; all others are 1. */
const DILATED_DEPTHWISE = 2;
const GROUPED_CONVOLUTION = 6;

/** The operators of every kind of layer; each rule returns the tensor that it makes. */
export const LAYER_RULES: { readonly [K in LayerKind]: LayerRule<K> } = {
	conv: (layer, site) => (isDepthwise(layer) ? depthwise(layer, site) : convolution(layer, site)),
	batch_norm: (layer, { graph, values, inputs: [x], relu }) => {
		const { scale, shift } = affineOf(layer, values);
		const shape = graph.shape(x!);
		const constants = { weight: scale, bias: shift };
		const [weight, bias] = Object.entries(constants).map(([field, data]) =>
			graph.constant(`${layer.name}.${field}`, [layer.channels], () => data),
		);
		const scaled = graph.apply("MUL", `${layer.name}_scale`, [x!, weight!], shape, {});
		return graph.apply("ADD", layer.name, [scaled, bias!], shape, activated(relu));
	},
	// x − x: the one operator that needs no constant
	zero: ({ name }, { graph, inputs: [x] }) => graph.apply("SUB", name, [x!, x!], graph.shape(x!), {}),
	relu: ({ name }, { graph, inputs: [x] }) => graph.apply("RELU", name, [x!], graph.shape(x!), {}),
	hard_swish: ({ name }, { graph, inputs: [x] }) =>
		graph.apply("HARD_SWISH", name, [x!], graph.shape(x!), {}),
	// no operator of its own: ReLU6(x + 3) · 1/6
	hard_sigmoid: ({ name }, { graph, inputs: [x] }) => {
		const shape = graph.shape(x!);
		const [three, sixth] = [number(graph, "three", 3), number(graph, "sixth", 1 / 6)];
		const clipped = { fused_activation_function: ACTIVATIONS.RELU6 };
		const moved = graph.apply("ADD", `${name}_clipped`, [x!, three], shape, clipped);
		return graph.apply("MUL", name, [moved, sixth], shape, {});
	},
	sigmoid: ({ name }, { graph, inputs: [x] }) => graph.apply("LOGISTIC", name, [x!], graph.shape(x!), {}),
	squeeze: ({ name }, { graph, inputs: [x] }) => {
		const channels = graph.shape(x!).at(-1)!;
		return graph.apply("MEAN", name, [x!, places(graph)], [1, 1, 1, channels], { keep_dims: 1 });
	},
	flatten: ({ name }, { graph, inputs: [x] }) => {
		const channels = graph.shape(x!).at(-1)!;
		const shape = graph.constant(`features_${channels}`, [2], () => Int32Array.of(-1, channels));
		return graph.apply("RESHAPE", name, [x!, shape], [1, channels], {});
	},
	scale: ({ name }, { graph, inputs: [x, gate] }) =>
		graph.apply("MUL", name, [x!, gate!], graph.shape(x!), {}),
	average_pool: averagePool,
	add: ({ name }, { graph, inputs, relu }) =>
		inputs.reduce((sum, term, i) => {
			const last = i === inputs.length - 1;
			const options = activated(last && relu);
			return graph.apply("ADD", last ? name : `${name}_${i}`, [sum, term], graph.shape(sum), options);
		}),
	global_average_pool: ({ name }, { graph, inputs: [x] }) =>
		graph.apply("MEAN", name, [x!, places(graph)], [1, graph.shape(x!).at(-1)!], { keep_dims: 0 }),
	linear: (layer, site) => {
		const { graph, inputs, relu } = site;
		const { weight, shape, bias } = foldedWeights(layer, site.norm, site.values);
		const rows = graph.constant(`${layer.name}.weight`, shape, () => weight);
		const read = [inputs[0]!, rows, biasTensor(layer, graph, shape[0]!, bias)];
		return graph.apply("FULLY_CONNECTED", layer.name, read, [1, shape[0]!], activated(relu));
	},
};

const activated = (relu: boolean) => ({
	fused_activation_function: relu ? ACTIVATIONS.RELU : ACTIVATIONS.NONE,
});

const number = (graph: GraphBuilder, name: string, value: number) =>
	graph.constant(name, [1], () => Float32Array.of(value));

/** The axes height and width. */
const places = (graph: GraphBuilder) => graph.constant("places", [2], () => Int32Array.of(1, 2));

function isDepthwise({ groups, inChannels }: ConvLayer): boolean {
	return groups > 1 && groups === inChannels;
}

function convolution(layer: ConvLayer, site: LayerSite): number {
	const { graph } = site;
	const { x, positions, window } = windowed(layer, site);
	const { weight, shape, bias } = foldedWeights(layer, site.norm, site.values);
	const [outputs, depth, height, width] = shape as [number, number, number, number];
	const filters = graph.constant(`${layer.name}.weight`, [outputs, height, width, depth], () =>
		channelsLast(weight, shape),
	);
	const inputs = [x, filters, biasTensor(layer, graph, outputs, bias)];
	const options = { ...window, ...dilations(layer), ...activated(site.relu) };
	const version = layer.groups > 1 ? GROUPED_CONVOLUTION : 1;
	return graph.apply("CONV_2D", layer.name, inputs, [1, ...positions, outputs], options, version);
}

/** Filters [1, k, k, outputs]: outputs in PyTorch's order, those of one channel beside each other. */
function depthwise(layer: ConvLayer, site: LayerSite): number {
	const { graph } = site;
	const { x, positions, window } = windowed(layer, site);
	const { weight, shape, bias } = foldedWeights(layer, site.norm, site.values);
	const [outputs, , height, width] = shape as [number, number, number, number];
	const filters = graph.constant(`${layer.name}.weight`, [1, height, width, outputs], () =>
		channelsLast(weight, [1, outputs, height, width]),
	);
	const inputs = [x, filters, biasTensor(layer, graph, outputs, bias)];
	const multiplier = { depth_multiplier: outputs / layer.inChannels };
	const options = { ...window, ...multiplier, ...dilations(layer), ...activated(site.relu) };
	const version = layer.dilation > 1 ? DILATED_DEPTHWISE : 1;
	return graph.apply("DEPTHWISE_CONV_2D", layer.name, inputs, [1, ...positions, outputs], options, version);
}

/** The average of what is under the window without padding, which SAME gives; behind explicit zeros each place is scaled by k² / numbers of the map there. */
function averagePool(layer: LayerOfKind<"average_pool">, { graph, inputs, ...site }: LayerSite): number {
	const { kernel, name } = layer;
	const { x, positions, window, padding, axes } = windowed(layer, { graph, inputs, ...site });
	const shape = [1, ...positions, graph.shape(x).at(-1)!];
	const options = { ...window, filter_width: kernel, filter_height: kernel };
	if (padding.scheme !== "EXPLICIT") return graph.apply("AVERAGE_POOL_2D", name, [x], shape, options);
	const pooled = graph.apply("AVERAGE_POOL_2D", `${name}_padded`, [x], shape, options);
	const [rows, columns] = axes.map(coveredAt) as [number[], number[]];
	const key = `covered_${[...axes.map(({ size }) => size), kernel, layer.stride, layer.padding].join("_")}`;
	const covered = graph.constant(key, [1, ...positions, 1], () =>
		Float32Array.from(rows.flatMap((row) => columns.map((column) => kernel ** 2 / (row * column)))),
	);
	return graph.apply("MUL", name, [pooled, covered], shape, {});
}

/** The map that a window passes over, padded where TensorFlow Lite has no scheme for it, and the options of the window. */
function windowed(layer: WindowLayer, { graph, inputs }: LayerSite) {
	const { name, stride } = layer;
	const [, height, width, channels] = graph.shape(inputs[0]!) as [number, number, number, number];
	const axes = windowAxes(layer, { height, width });
	const chosen = windowPadding(axes);
	const { scheme, positions } = chosen;
	const padded = scheme === "EXPLICIT";
	return {
		x: padded ? pad(graph, `${name}_pad`, inputs[0]!, chosen, [height, width, channels]) : inputs[0]!,
		positions,
		axes,
		padding: chosen,
		window: { padding: PADDING[padded ? "VALID" : scheme], stride_w: stride, stride_h: stride },
	};
}

function pad(
	graph: GraphBuilder,
	name: string,
	x: number,
	{ zeros }: WindowPadding,
	[height, width, channels]: readonly [number, number, number],
): number {
	const [[top, bottom], [left, right]] = zeros as [readonly [number, number], readonly [number, number]];
	const amounts = [0, 0, top, bottom, left, right, 0, 0];
	const constant = graph.constant(`pads_${amounts.join("_")}`, [4, 2], () => Int32Array.from(amounts));
	return graph.apply(
		"PAD",
		name,
		[x, constant],
		[1, height + top + bottom, width + left + right, channels],
		{},
	);
}

const dilations = ({ dilation }: ConvLayer) => ({ dilation_w_factor: dilation, dilation_h_factor: dilation });

/** Interpreters ask for a bias; layers without one share zeros. */
function biasTensor(
	{ name }: { readonly name: string },
	graph: GraphBuilder,
	outputs: number,
	bias: Float32Array | null,
): number {
	return bias === null
		? graph.constant(`zeros_${outputs}`, [outputs], () => new Float32Array(outputs))
		: graph.constant(`${name}.bias`, [outputs], () => bias);
}
