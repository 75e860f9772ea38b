import { describe, expect, it } from "vitest";
import { describeGradients } from "../../test/describe-gradients.js";
import { numbersOf } from "../../test/evaluate.js";
import { differentiated, type GradientCase } from "../../test/finite-differences.js";
import { type Conv2dAttributes, constant, conv2d, convolvedSize } from "./index.js";

const product = <A, B>(as: readonly A[], bs: readonly B[]) =>
	as.flatMap((a) => bs.map((b) => [a, b] as const));

/** Channels of the input, of the output, and groups. */
const KINDS = {
	dense: [2, 2, 1],
	depthwise: [2, 2, 2],
	"depthwise with a multiplier": [2, 4, 2],
	grouped: [4, 2, 2],
} as const;

function convolution(
	kind: keyof typeof KINDS,
	kernel: number,
	size: number,
	options: Partial<Conv2dAttributes>,
): GradientCase {
	const [channels, outputs, groups] = KINDS[kind];
	const { stride = 1, dilation = 1, padding = (dilation * (kernel - 1)) / 2 } = options;
	return {
		name: `${kind} ${kernel}×${kernel}, stride ${stride}, dilation ${dilation}, padding ${padding}, size ${size}`,
		inputs: [
			[1, channels, size, size - 1],
			[outputs, channels / groups, kernel, kernel],
		],
		compute: (x, w) => conv2d(x!, w!, { stride, dilation, padding, groups }),
	};
}

const cases = [
	...product(["dense", "depthwise"] as const, [1, 3] as const).flatMap(([kind, kernel]) =>
		product([1, 2], [1, 2]).map(([stride, dilation]) =>
			convolution(kind, kernel, 3 + stride, { stride, dilation }),
		),
	),
	...product(["dense", "depthwise"] as const, [1, 2]).map(([kind, stride]) =>
		convolution(kind, 5, 5, { stride }),
	),
	...product(["grouped", "depthwise with a multiplier"] as const, [1, 2]).map(([kind, stride]) =>
		convolution(kind, 3, 4, { stride }),
	),
	// no padding, where the last rows and columns are never reached
	convolution("dense", 3, 6, { stride: 2, padding: 0 }),
	convolution("depthwise", 2, 5, { stride: 3, padding: 0 }),
	// even kernels have no "same" padding
	convolution("dense", 2, 4, { padding: 1 }),
	convolution("depthwise", 4, 4, { stride: 2, padding: 1 }),
	{
		name: "several images",
		inputs: [
			[3, 1, 3, 3],
			[2, 1, 3, 3],
		],
		compute: (x, w) => conv2d(x!, w!, { padding: 1, stride: 2 }),
	} satisfies GradientCase,
];

describeGradients("convolutions against central differences", cases);
describeGradients("second derivatives of convolutions", cases.map(differentiated));

describe("conv2d", () => {
	it("is a cross-correlation: the kernel is not flipped", async () => {
		const image = constant([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);
		const kernel = constant([1, 0, 0, 10], [1, 1, 2, 2]);
		expect(await numbersOf(conv2d(image, kernel))).toEqual([51, 62, 84, 95]);
	});

	it("promises the size that onnxruntime gives", () => {
		expect(convolvedSize(224, 3, { stride: 2, padding: 1, dilation: 1 })).toBe(112);
		expect(convolvedSize(7, 3, { stride: 2, padding: 0, dilation: 2 })).toBe(2);
	});
});
