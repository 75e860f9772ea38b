/** A feature map of one image: `channels` × `height` × `width`; height and width are 1 after global pooling. */
export interface Value {
	readonly channels: number;
	readonly height: number;
	readonly width: number;
}

/** A map of equal sides. */
export function squareMap(channels: number, side: number): Value {
	return { channels, height: side, width: side };
}

/** Numbers in a map. */
export function valueElements({ channels, height, width }: Value): number {
	return channels * height * width;
}

/** The map that a layer with "same" padding makes: ⌈height / stride⌉ × ⌈width / stride⌉, whatever its odd kernel and dilation. */
export function stridedMap({ height, width }: Value, channels: number, stride: number): Value {
	return { channels, height: Math.ceil(height / stride), width: Math.ceil(width / stride) };
}

/** What all primitive layers have. */
export interface LayerBase {
	/** Unique dotted path, e.g. `stages.0.1.node3.depthwise` (stage 0, repeat 1). */
	readonly name: string;
	/** Ids of the values read: two or more by `add`, map and gate by `scale`, otherwise one. */
	readonly inputs: readonly number[];
	/** Id of the value written. */
	readonly output: number;
}

/** 2-D convolution with square kernel and zero padding. */
export interface ConvLayer extends LayerBase {
	readonly kind: "conv";
	readonly inChannels: number;
	readonly outChannels: number;
	readonly kernel: number;
	readonly stride: number;
	readonly padding: number;
	readonly dilation: number;
	readonly groups: number;
	readonly bias: boolean;
}

/** Batch normalisation, with or without trainable scale and shift. */
export interface BatchNormLayer extends LayerBase {
	readonly kind: "batch_norm";
	readonly channels: number;
	readonly affine: boolean;
}

export interface ReluLayer extends LayerBase {
	readonly kind: "relu";
}

/** x · min(1, max(0, x + 3) / 6) (Howard et al., ICCV 2019). */
export interface HardSwishLayer extends LayerBase {
	readonly kind: "hard_swish";
}

/** min(1, max(0, x + 3) / 6). */
export interface HardSigmoidLayer extends LayerBase {
	readonly kind: "hard_sigmoid";
}

/** 1 / (1 + e^−x). */
export interface SigmoidLayer extends LayerBase {
	readonly kind: "sigmoid";
}

/** Average pooling; padding is excluded from the count of the average. */
export interface AveragePoolLayer extends LayerBase {
	readonly kind: "average_pool";
	readonly kernel: number;
	readonly stride: number;
	readonly padding: number;
}

/** Sum of two or more values of equal shape. */
export interface AddLayer extends LayerBase {
	readonly kind: "add";
}

/** Zeros of the shape of its input: an edge that a benchmark keeps but that carries nothing. */
export interface ZeroLayer extends LayerBase {
	readonly kind: "zero";
}

/** Mean over height and width as a map of 1×1, which convolutions can read: the squeeze of squeeze-and-excitation. */
export interface SqueezeLayer extends LayerBase {
	readonly kind: "squeeze";
}

/** The channels of a map of 1×1 as features, which a linear layer reads. */
export interface FlattenLayer extends LayerBase {
	readonly kind: "flatten";
}

/** Each channel of the first value multiplied by the second value's number for it: the excitation. */
export interface ScaleLayer extends LayerBase {
	readonly kind: "scale";
}

/** Mean over height and width as features, which a linear layer reads. */
export interface GlobalAveragePoolLayer extends LayerBase {
	readonly kind: "global_average_pool";
}

/** Fully connected layer with bias. */
export interface LinearLayer extends LayerBase {
	readonly kind: "linear";
	readonly inFeatures: number;
	readonly outFeatures: number;
}

/** The primitive layers that every network is made of. */
export type Layer =
	| ConvLayer
	| BatchNormLayer
	| ReluLayer
	| HardSwishLayer
	| HardSigmoidLayer
	| SigmoidLayer
	| SqueezeLayer
	| FlattenLayer
	| ScaleLayer
	| AveragePoolLayer
	| AddLayer
	| ZeroLayer
	| GlobalAveragePoolLayer
	| LinearLayer;

export type LayerKind = Layer["kind"];

/** The layer type of a kind. */
export type LayerOfKind<K extends LayerKind> = Extract<Layer, { kind: K }>;

/** Primitive layers in an order of execution; counting, training, export and drawing all read this one list. */
export interface LayerGraph {
	readonly layers: readonly Layer[];
	/** Shapes by value id. */
	readonly values: readonly Value[];
	/** Id of the value fed in. */
	readonly input: number;
	/** Id of the value that is the result. */
	readonly output: number;
}
