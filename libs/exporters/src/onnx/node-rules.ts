/** Shape of one image's value without the batch axis: [channels, height, width] or [features]. */
export type ImageShape = readonly number[];

/** A node of an ONNX graph as the counting rules see it. */
export interface CountedNode {
	/** Shape of the first input. */
	readonly input: ImageShape;
	/** Shapes of the weights by position of the node's inputs; undefined where there is none. */
	readonly weights: readonly (readonly number[] | undefined)[];
	/** Whether the weight at a position of the node's inputs is a trainable parameter. */
	readonly trainable: (position: number) => boolean;
	/** An integer attribute, or the default. */
	readonly integer: (name: string, otherwise: number) => number;
	/** A list of integers; the default where it is missing. */
	readonly integers: (name: string, otherwise: readonly number[]) => readonly number[];
}

/** What a node makes and costs. */
export interface NodeCost {
	readonly output: ImageShape;
	/** Multiply-accumulates. */
	readonly macs: number;
	/** Half of the `flopCount` beyond the multiply-accumulates. */
	readonly extras: number;
	/** Whether it is a convolution or linear layer. */
	readonly weighted: boolean;
}

const product = (sides: readonly number[]) => sides.reduce((total, side) => total * side, 1);
const cost = (output: ImageShape, parts: Partial<NodeCost> = {}): NodeCost => ({
	output,
	macs: 0,
	extras: 0,
	weighted: false,
	...parts,
});

/** Height and width after a window, by the formula of the ONNX specification (auto_pad NOTSET). */
function slide({ input, integers }: CountedNode, kernel: readonly number[]): number[] {
	const [strides, dilations] = [integers("strides", [1, 1]), integers("dilations", [1, 1])];
	const pads = integers("pads", [0, 0, 0, 0]);
	return kernel.map((side, axis) => {
		const reach = dilations[axis]! * (side - 1) + 1;
		const padded = input[axis + 1]! + pads[axis]! + pads[axis + 2]!;
		return Math.floor((padded - reach) / strides[axis]!) + 1;
	});
}

function convolution(node: CountedNode): NodeCost {
	const [outputs, ...perOutput] = node.weights[1]!;
	const output = [outputs!, ...slide(node, perOutput.slice(1))];
	const biased = node.weights[2] !== undefined;
	return cost(output, {
		macs: product(output) * product(perOutput),
		extras: biased ? product(output) : 0,
		weighted: true,
	});
}

function gemm(node: CountedNode): NodeCost {
	const [rows, columns] = node.weights[1]! as readonly [number, number];
	const features = node.integer("transB", 0) === 1 ? rows : columns;
	const extras = node.weights[2] === undefined ? 0 : features;
	return cost([features], { macs: rows * columns, extras, weighted: true });
}

const perInputElement = (output: (node: CountedNode) => ImageShape) => (node: CountedNode) =>
	cost(output(node), { extras: product(node.input) });

/** Rules by ONNX operator; the conventions of `Counts`, derived from nothing but the node itself. */
export const NODE_RULES: Readonly<Record<string, (node: CountedNode) => NodeCost>> = {
	Conv: convolution,
	Gemm: gemm,
	BatchNormalization: (node) =>
		cost(node.input, { extras: product(node.input) * (node.trainable(1) ? 2 : 1) }),
	Relu: perInputElement((node) => node.input),
	HardSwish: perInputElement((node) => node.input),
	HardSigmoid: perInputElement((node) => node.input),
	Sigmoid: perInputElement((node) => node.input),
	Mul: perInputElement((node) => node.input),
	AveragePool: perInputElement((node) => [node.input[0]!, ...slide(node, node.integers("kernel_shape", []))]),
	GlobalAveragePool: perInputElement((node) => [node.input[0]!, 1, 1]),
	Sum: (node) => cost(node.input),
	Add: (node) => cost(node.input),
	Sub: (node) => cost(node.input),
	Identity: (node) => cost(node.input),
	Flatten: (node) => cost([product(node.input)]),
};
