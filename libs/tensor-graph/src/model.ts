import { type BlockedFormAttributes, blockedFormOperator } from "./blocked/blocked-form.js";
import { BlockedLayout, type LaidOut } from "./blocked/blocked-layout.js";
import { writeBlocked } from "./blocked/rules.js";
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
	/** Texts to store in the file's `metadata_props`; none unless given. */
	readonly metadata?: Readonly<Record<string, string>>;
	/** Write convolutions and what stands between them in channel-blocked layout; plain everywhere unless given. */
	readonly blocked?: BlockedOptions;
}

export interface BlockedOptions {
	/** Channels side by side, from `detectChannelBlock`. */
	readonly block: number;
	/**
	 * Inputs and outputs [N, C, H, W] that are themselves fed and returned in blocked layout, as [N, C', H, W] (see
	 * {@link BlockedLayout}), so that one model's output becomes the next one's input without conversion.
	 */
	readonly ports?: ReadonlySet<string>;
}

const isInput = (node: Tensor) => (node.operator as unknown) === inputOperator;
const inputOf = (node: Tensor) => node.attributes as InputAttributes;

/**
 * Writes the expression as an ONNX file: every node once, in topological order.
 *
 * @throws ShapeError for two inputs of one name, an output named like an input, or a constant whose shape differs from its
 * input's
 */
export function buildModel(definition: ModelDefinition): Uint8Array {
	const { outputs, inputs = [], constants = new Map(), name = "archgen", metadata, blocked } = definition;
	const writer = new OnnxWriter();
	const order = topologicalOrder([...Object.values(outputs), ...inputs], (node) =>
		computedFrom(node, blocked !== undefined),
	);
	const free = order.filter((node) => isInput(node) && !constants.has(inputOf(node).name));
	const listed = inputs.filter((node) => !constants.has(inputOf(node).name));
	const values = new Map<Tensor, LaidOut>();
	const layout =
		blocked && new BlockedLayout(writer, blocked.block, values, readersOf(order, Object.values(outputs)));
	const isPort = (port: string) => layout !== undefined && blocked?.ports?.has(port) === true;
	for (const node of [...listed, ...free.filter((n) => !listed.includes(n))]) {
		const { name: port, shape, dtype } = inputOf(node);
		writer.input(port, isPort(port) ? layout!.shapeOf(node) : shape, dtype);
		if (isPort(port)) values.set(node, { blocked: port });
	}
	const taken = new Map<string, Tensor>();
	for (const node of order) {
		if (isInput(node)) claim(taken, node);
		if (!values.has(node)) values.set(node, emitNode(writer, node, values, constants, layout));
	}
	for (const [port, tensor] of Object.entries(outputs)) {
		if (taken.has(port)) throw new ShapeError(`an output is named like the input "${port}"`);
		if (isPort(port)) writer.output(port, layout!.shapeOf(tensor), tensor.dtype, layout!.blocked(tensor));
		else writer.output(port, tensor.shape, tensor.dtype, plainName(tensor, values, layout));
	}
	return writer.finish(name, metadata);
}

/** What a node is written from: a value whose gradient or blocked form is its own stands for some of its inputs only. */
function computedFrom(node: Tensor, blocked: boolean): readonly Tensor[] {
	switch (node.operator as unknown) {
		case customGradientOperator:
			return node.inputs.slice(0, 1);
		case blockedFormOperator:
			return blocked ? node.inputs.slice(1) : node.inputs.slice(0, 1);
		default:
			return node.inputs;
	}
}

/** The nodes that read each value of a blocked graph; a value that is returned counts as its own reader. */
function readersOf(
	order: readonly Tensor[],
	outputs: readonly Tensor[],
): ReadonlyMap<Tensor, readonly Tensor[]> {
	const readers = new Map<Tensor, Tensor[]>();
	const add = (x: Tensor, reader: Tensor) => readers.set(x, [...(readers.get(x) ?? []), reader]);
	for (const node of order) for (const x of computedFrom(node, true)) add(x, node);
	for (const output of outputs) add(output, output);
	return readers;
}

function claim(taken: Map<string, Tensor>, node: Tensor): void {
	const { name } = inputOf(node);
	if (taken.has(name)) throw new ShapeError(`two inputs are named "${name}"`);
	taken.set(name, node);
}

function plainName(
	x: Tensor,
	values: ReadonlyMap<Tensor, LaidOut>,
	layout: BlockedLayout | undefined,
): string {
	return layout === undefined ? values.get(x)!.plain! : layout.plain(x);
}

function emitNode(
	writer: OnnxWriter,
	node: Tensor,
	values: ReadonlyMap<Tensor, LaidOut>,
	constants: ReadonlyMap<string, NamedArray>,
	layout: BlockedLayout | undefined,
): LaidOut {
	if ((node.operator as unknown) === customGradientOperator) return values.get(node.inputs[0]!)!;
	if (layout !== undefined) {
		if ((node.operator as unknown) === blockedFormOperator)
			return (node.attributes as BlockedFormAttributes).write(layout, node.inputs.slice(1));
		const laidOut = writeBlocked(layout, node);
		if (laidOut !== null) return laidOut;
	}
	const value = isInput(node) ? constants.get(inputOf(node).name) : undefined;
	if (value !== undefined) return { plain: writeConstant(writer, node, value) };
	const names = computedFrom(node, false).map((x) => plainName(x, values, layout));
	return { plain: node.operator.emit(writer, names, node.attributes, node) };
}

function writeConstant(writer: OnnxWriter, node: Tensor, value: NamedArray): string {
	if (!sameShape(value.shape, node.shape))
		throw new ShapeError(
			`constant "${inputOf(node).name}" has shape [${value.shape.join(", ")}], not [${staticShape(node.shape).join(", ")}]`,
		);
	return writer.constant(value.data, value.shape, node.dtype, inputOf(node).name);
}
