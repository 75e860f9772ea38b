import { apply, type Operator, type Tensor } from "../tensor.js";

export interface CustomGradientAttributes {
	readonly rule: (upstream: Tensor, result: Tensor) => readonly (Tensor | null)[];
}

/** Passes its first input through; the gradient goes to the other inputs by a rule given with the node. */
export const customGradientOperator: Operator<CustomGradientAttributes> = {
	name: "customGradient",
	infer: ([value]) => ({ shape: value!.shape, dtype: value!.dtype }),
	emit: (_writer, [value]) => value!,
	gradient: (node, upstream, { rule }) => [null, ...rule(upstream, node)],
};

/**
 * A value computed in one way and differentiated in another: for expressions whose derivative has a closed form that
 * is cheaper or more accurate than the chain rule through every step.
 *
 * @param value the result, computed from `sources`
 * @param rule ∂L/∂source of every source, from ∂L/∂result and the result
 */
export function withGradient(
	value: Tensor,
	sources: readonly Tensor[],
	rule: CustomGradientAttributes["rule"],
): Tensor {
	return apply(customGradientOperator, [value, ...sources], { rule });
}
