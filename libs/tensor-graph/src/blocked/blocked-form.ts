import { apply, type Operator, type Tensor } from "../tensor.js";
import type { BlockedLayout, LaidOut } from "./blocked-layout.js";

export interface BlockedFormAttributes {
	readonly write: (layout: BlockedLayout, sources: readonly Tensor[]) => LaidOut;
}

/** Passes its first input through, to which its gradient flows; a blocked graph is written from the other inputs instead. */
export const blockedFormOperator: Operator<BlockedFormAttributes> = {
	name: "blockedForm",
	infer: ([value]) => ({ shape: value!.shape, dtype: value!.dtype }),
	emit: (_writer, [value]) => value!,
	gradient: (_node, upstream) => [upstream],
};

/**
 * A value with a second way to compute it, for graphs in blocked layout: for expressions that a plain graph writes from
 * many operators and onnxruntime's blocked operators can do in one.
 *
 * @param value the plain way, computed from `sources`
 * @param write writes the blocked way and names its result
 */
export function withBlockedForm(
	value: Tensor,
	sources: readonly Tensor[],
	write: BlockedFormAttributes["write"],
): Tensor {
	return apply(blockedFormOperator, [value, ...sources], { write });
}
