import type { DType } from "./dtype.js";
import type { OnnxWriter } from "./onnx-writer.js";
import type { Shape } from "./shape.js";

export type { DType } from "./dtype.js";

/**
 * Everything the engine knows about one operation. A new operator is one such record.
 *
 * @typeParam A its attributes
 */
export interface Operator<A> {
	/** Unique name, also the prefix of its ONNX node names. */
	readonly name: string;
	/** Shape and element type of the result; throws ShapeError for inputs that do not fit. */
	infer(inputs: readonly Tensor[], attributes: A): { shape: Shape; dtype: DType };
	/** Writes the ONNX nodes of the result and returns the name of their output. */
	emit(writer: OnnxWriter, inputs: readonly string[], attributes: A, node: Tensor): string;
	/**
	 * Vector-Jacobian product: from ∂L/∂result the ∂L/∂input of each input, again as tensors, so that gradients can be
	 * differentiated. `null` for an input that has none; a rule of `null` marks an operator without derivative.
	 */
	readonly gradient: ((node: Tensor, upstream: Tensor, attributes: A) => readonly (Tensor | null)[]) | null;
}

let created = 0;

/**
 * An immutable node of a tensor expression: an operator applied to other tensors. Building one computes nothing but
 * its shape. A model is the set of nodes reachable from its outputs.
 */
export class Tensor {
	/** Creation order; inputs always have smaller numbers, so sorting by it is a topological order. */
	readonly id = created++;

	constructor(
		readonly operator: Operator<unknown>,
		readonly inputs: readonly Tensor[],
		readonly attributes: unknown,
		readonly shape: Shape,
		readonly dtype: DType,
	) {}

	get rank(): number {
		return this.shape.length;
	}
}

/** Applies an operator: checks its inputs and infers the shape. */
export function apply<A>(operator: Operator<A>, inputs: readonly Tensor[], attributes: A): Tensor {
	const { shape, dtype } = operator.infer(inputs, attributes);
	return new Tensor(operator as Operator<unknown>, inputs, attributes, shape, dtype);
}

/**
 * All nodes the given ones depend on, themselves included, inputs before users.
 *
 * @param inputsOf what counts as a dependence; all inputs unless given
 */
export function topologicalOrder(
	outputs: readonly Tensor[],
	inputsOf: (node: Tensor) => readonly Tensor[] = (node) => node.inputs,
): Tensor[] {
	const seen = new Set<Tensor>();
	const pending = [...outputs];
	while (pending.length > 0) {
		const node = pending.pop() as Tensor;
		if (seen.has(node)) continue;
		seen.add(node);
		pending.push(...inputsOf(node));
	}
	return [...seen].sort((a, b) => a.id - b.id);
}
