import { ArchgenError } from "@archgen/errors";
import type { Counts } from "@archgen/search-space";
import { type GraphProto, ModelProto, type NodeProto, type TensorProto } from "@archgen/tensor-graph";
import { type CountedNode, type ImageShape, NODE_RULES, type NodeCost } from "./node-rules.js";

/**
 * Counts an exported network anew from its ONNX file: shapes are followed from node to node, parameters are the sizes
 * of the initialisers named `*.weight` and `*.bias`. It shares nothing with `countNetwork`, so that one proves the other.
 *
 * @param model an ONNX file with one image input [batch, channels, height, width]
 * @throws ArchgenError INVALID_ARGUMENT, reason INVALID_ONNX for a damaged file, UNSUPPORTED_ONNX_OPERATOR for a node
 *   that no exported network has
 */
export function countOnnx(model: Uint8Array): Counts {
	const graph = decode(model);
	const weights = new Map(graph.initializer.map((tensor) => [tensor.name, shapeOf(tensor)]));
	const shapes = new Map<string, ImageShape>([[graph.input[0]!.name, imageShape(graph)]]);
	const total = { parameterCount: parameterCount(graph), macCount: 0, flopCount: 0, layerCount: 0 };
	for (const node of graph.node) {
		const { output, macs, extras, weighted } = nodeCost(node, shapes, weights);
		shapes.set(node.output[0]!, output);
		total.macCount += macs;
		total.flopCount += 2 * (macs + extras);
		total.layerCount += weighted ? 1 : 0;
	}
	return total;
}

function decode(model: Uint8Array): GraphProto {
	const graph = parse(model).graph;
	if (graph === undefined || graph.input.length !== 1)
		throw invalid("it has no graph with exactly one input");
	return graph;
}

function parse(model: Uint8Array): ModelProto {
	try {
		return ModelProto.decode(model);
	} catch (cause) {
		throw invalid("it cannot be decoded", cause);
	}
}

function invalid(why: string, cause?: unknown): ArchgenError {
	const message = `This is not an ONNX file of a network: ${why}.`;
	return new ArchgenError({ category: "INVALID_ARGUMENT", reason: "INVALID_ONNX", message, cause });
}

/** The image input's shape without its batch axis. */
function imageShape({ input }: GraphProto): ImageShape {
	const type = input[0]!.type?.value;
	const [, ...axes] = type?.value.shape?.dim ?? [];
	const sides = axes.map(({ value }) => (value?.$case === "dimValue" ? Number(value.value) : Number.NaN));
	if (sides.length !== 3 || sides.some(Number.isNaN))
		throw invalid("its input is not a batch of images of fixed size");
	return sides;
}

function parameterCount({ initializer }: GraphProto): number {
	return initializer
		.filter(({ name }) => isTrainable(name))
		.reduce((total, tensor) => total + shapeOf(tensor).reduce((size, side) => size * side, 1), 0);
}

function isTrainable(name: string): boolean {
	return name.endsWith(".weight") || name.endsWith(".bias");
}

function shapeOf({ dims }: TensorProto): number[] {
	return dims.map(Number);
}

function nodeCost(
	node: NodeProto,
	shapes: ReadonlyMap<string, ImageShape>,
	weights: ReadonlyMap<string, readonly number[]>,
): NodeCost {
	const rule = NODE_RULES[node.opType];
	if (rule === undefined)
		throw new ArchgenError({
			category: "INVALID_ARGUMENT",
			reason: "UNSUPPORTED_ONNX_OPERATOR",
			message: `Node "${node.name}" is a ${node.opType}, which exported networks do not contain; count it by hand.`,
		});
	const input = shapes.get(node.input[0]!);
	if (input === undefined) throw invalid(`node "${node.name}" reads "${node.input[0]}", which nothing makes`);
	return rule(countedNode(node, input, weights));
}

function countedNode(
	{ input: names, attribute }: NodeProto,
	input: ImageShape,
	weights: ReadonlyMap<string, readonly number[]>,
): CountedNode {
	const find = (name: string) => attribute.find((candidate) => candidate.name === name);
	return {
		input,
		weights: names.map((name) => weights.get(name)),
		trainable: (position) => isTrainable(names[position] ?? ""),
		integer: (name, otherwise) => Number(find(name)?.i ?? otherwise),
		integers: (name, otherwise) => find(name)?.ints.map(Number) ?? otherwise,
	};
}
