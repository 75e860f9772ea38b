import { OnnxWriter, type TensorData } from "./onnx-writer.js";
import { customGradientOperator } from "./operators/custom-gradient.js";
import { type InputAttributes, inputOperator } from "./operators/sources.js";
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
}

const isInput = (node: Tensor) => (node.operator as unknown) === inputOperator;
const inputOf = (node: Tensor) => node.attributes as InputAttributes;

/**
 * Writes the expression as an ONNX file: every node once, in topological order.
 *
 * @throws ShapeError for two inputs of one name, an output named like an input, or a constant whose shape differs from its
 * input's
 */
export function buildModel({
	outputs,
	inputs = [],
	constants = new Map(),
	name = "archgen",
}: ModelDefinition): Uint8Array {
	const writer = new OnnxWriter();
	const order = topologicalOrder([...Object.values(outputs), ...inputs], computedFrom);
	const free = order.filter((node) => isInput(node) && !constants.has(inputOf(node).name));
	const listed = inputs.filter((node) => !constants.has(inputOf(node).name));
	for (const node of [...listed, ...free.filter((n) => !listed.includes(n))]) {
		const { name: inputName, shape, dtype } = inputOf(node);
		writer.input(inputName, shape, dtype);
	}
	const names = new Map<Tensor, string>();
	const taken = new Map<string, Tensor>();
	for (const node of order) {
		if (isInput(node)) claim(taken, node);
		names.set(node, emitNode(writer, node, names, constants));
	}
	for (const [outputName, tensor] of Object.entries(outputs)) {
		if (taken.has(outputName)) throw new ShapeError(`an output is named like the input "${outputName}"`);
		writer.node("Identity", [names.get(tensor) as string], {}, outputName);
		writer.output(outputName, tensor.shape, tensor.dtype);
	}
	return writer.finish(name);
}

/** The sources of a custom gradient tell where it flows; the value does not depend on them. */
function computedFrom(node: Tensor): readonly Tensor[] {
	return (node.operator as unknown) === customGradientOperator ? node.inputs.slice(0, 1) : node.inputs;
}

function claim(taken: Map<string, Tensor>, node: Tensor): void {
	const { name } = inputOf(node);
	if (taken.has(name)) throw new ShapeError(`two inputs are named "${name}"`);
	taken.set(name, node);
}

function emitNode(
	writer: OnnxWriter,
	node: Tensor,
	names: ReadonlyMap<Tensor, string>,
	constants: ReadonlyMap<string, NamedArray>,
): string {
	const inputNames = computedFrom(node).map((x) => names.get(x) as string);
	const value = isInput(node) ? constants.get(inputOf(node).name) : undefined;
	if (value === undefined) return node.operator.emit(writer, inputNames, node.attributes, node);
	if (!sameShape(value.shape, node.shape))
		throw new ShapeError(
			`constant "${inputOf(node).name}" has shape [${value.shape.join(", ")}], not [${staticShape(node.shape).join(", ")}]`,
		);
	return writer.constant(value.data, value.shape, node.dtype, inputOf(node).name);
}
