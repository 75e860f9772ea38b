import { blockedConvolution, hasBlockedForm } from "../blocked/convolution-forms.js";
import { add, type Conv2dAttributes, conv2d, withBlockedForm } from "../operators/index.js";
import type { Tensor } from "../tensor.js";

/** `conv2d` plus a number for each channel, [1, O, 1, 1]; in blocked layout the convolution adds it on the way. */
export function shiftedConv2d(
	x: Tensor,
	weight: Tensor,
	shift: Tensor,
	attributes: Partial<Conv2dAttributes> = {},
): Tensor {
	const product = conv2d(x, weight, attributes);
	const value = add(product, shift);
	if (!hasBlockedForm(product)) return value;
	return withBlockedForm(value, [x, weight, shift], (layout) =>
		blockedConvolution(layout, product, null, shift),
	);
}
