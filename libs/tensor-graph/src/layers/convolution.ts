import { add, type Conv2dAttributes, composite, conv2d } from "../operators/index.js";
import type { Tensor } from "../tensor.js";

/** `conv2d` plus a number for each channel, [1, O, 1, 1]. */
export function shiftedConv2d(
	x: Tensor,
	weight: Tensor,
	shift: Tensor,
	attributes: Partial<Conv2dAttributes> = {},
): Tensor {
	const product = conv2d(x, weight, attributes);
	const own = product.attributes as Conv2dAttributes;
	return composite("shiftedConv2d", add(product, shift), [x, weight, shift], own);
}
