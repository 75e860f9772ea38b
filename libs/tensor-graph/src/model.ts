import { OnnxWriter, type TensorData } from "./onnx-writer.js";
import { compositeOperator } from "./operators/composite.js";
import { customGradientOperator } from "./operators/custom-gradient.js";
import { type InputAttributes, inputOperator } from "./operators/sources.js";
import { type GraphRewrite, type NodeWriter, PlainNodes } from "./rewrite.js";
import { ShapeError, sameShape, staticShape } from "./shape.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

export interface NamedArray {
	readonly data: TensorData;
	readonly shape: readonly number[];
}

export interface ModelDefinition {
	/** Results by the name under which they are returned. */
	readonly outputs: Readonly<Record<string, Tensor>>;
	/** Inputs in the order in which the file lists them; others that are needed follow in order of creation. */
	readonly inputs?: readonly Tensor[];
	/** Values to store in the file in place of inputs of that name: how trained parameters become part of a model. */
	readonly constants?: ReadonlyMap<string, NamedArray>;
	/** Graph name, default "archgen". */
	readonly name?: string;
	/** Texts to store in the file's `metadata_props`; none unless given. */
	readonly metadata?: Readonly<Record<string, string>>;
	/** Another way to write the graph, e.g. `blockedRewrite`; every node by its own operator unless given. */
	readonly rewrite?: GraphRewrite | undefined;
}

const isInput = (node: Tensor) => (node.operator as unknown) === inputOperator;
const isCustomGradient = (node: Tensor) => (node.operator as unknown) === customGradientOperator;
const isComposite = (node: Tensor) => (node.operator as unknown) === compositeOperator;
const inputOf = (node: Tensor) => node.attributes as InputAttributes;

/**
 * Writes the expression as an ONNX file: every node once, in topological order.
 *
 * @throws ShapeError for two inputs of one name, an output named like an input, or a constant whose shape differs from its
 * input's
 */
export function buildModel(definition: ModelDefinition): Uint8Array {
	const { outputs, inputs = [], constants = new Map(), name = "archgen", metadata, rewrite } = definition;
	const writer = new OnnxWriter();
	const readsOf = (node: Tensor) => computedFrom(node, rewrite);
	const order = topologicalOrder([...Object.values(outputs), ...inputs], readsOf);
	const free = order.filter((node) => isInput(node) && !constants.has(inputOf(node).name));
	const listed = inputs.filter((node) => !constants.has(inputOf(node).name));
	const nodes =
		rewrite?.begin({ writer, order, outputs: Object.values(outputs), readsOf }) ?? new PlainNodes();
	for (const node of [...listed, ...free.filter((n) => !listed.includes(n))]) {
		const { name: port, dtype } = inputOf(node);
		writer.input(port, nodes.input(node, port), dtype);
	}
	const taken = new Map<string, Tensor>();
	for (const node of order) {
		if (isInput(node)) claim(taken, node);
		if (!nodes.has(node)) emitNode(writer, node, nodes, readsOf, constants);
	}
	for (const [port, tensor] of Object.entries(outputs)) {
		if (taken.has(port)) throw new ShapeError(`an output is named like the input "${port}"`);
		const output = nodes.output(tensor, port);
		writer.output(port, output.shape, tensor.dtype, output.name);
	}
	return writer.finish(name, metadata);
}

/** The nodes that a node is written from: a value whose gradient or rewrite is its own stands for some of its inputs only. */
function computedFrom(node: Tensor, rewrite: GraphRewrite | undefined): readonly Tensor[] {
	if (isComposite(node) && rewrite?.takes(node)) return node.inputs.slice(1);
	return isComposite(node) || isCustomGradient(node) ? node.inputs.slice(0, 1) : node.inputs;
}

function claim(taken: Map<string, Tensor>, node: Tensor): void {
	const { name } = inputOf(node);
	if (taken.has(name)) throw new ShapeError(`two inputs are named "${name}"`);
	taken.set(name, node);
}

function emitNode(
	writer: OnnxWriter,
	node: Tensor,
	nodes: NodeWriter,
	readsOf: (node: Tensor) => readonly Tensor[],
	constants: ReadonlyMap<string, NamedArray>,
): void {
	const value = isInput(node) ? constants.get(inputOf(node).name) : undefined;
	if (isCustomGradient(node)) nodes.alias(node, node.inputs[0]!);
	else if (nodes.write(node)) return;
	else if (isComposite(node)) nodes.alias(node, node.inputs[0]!);
	else if (value !== undefined) nodes.note(node, writeConstant(writer, node, value));
	else {
		const names = readsOf(node).map((x) => nodes.name(x));
		nodes.note(node, node.operator.emit(writer, names, node.attributes, node));
	}
}

function writeConstant(writer: OnnxWriter, node: Tensor, value: NamedArray): string {
	if (!sameShape(value.shape, node.shape))
		throw new ShapeError(
			`constant "${inputOf(node).name}" has shape [${value.shape.join(", ")}], not [${staticShape(node.shape).join(", ")}]`,
		);
	return writer.constant(value.data, value.shape, node.dtype, inputOf(node).name);
}
