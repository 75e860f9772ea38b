import type { OnnxWriter } from "./onnx-writer.js";
import type { Shape } from "./shape.js";
import type { DType, Tensor } from "./tensor.js";

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
