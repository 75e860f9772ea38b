import { describe, expect, it } from "vitest";
import { describeGradients } from "../../test/describe-gradients.js";
import { differentiated, type GradientCase } from "../../test/finite-differences.js";
import type { Tensor } from "../tensor.js";
import * as op from "./index.js";

type Definition = Omit<GradientCase, "name"> & { readonly note?: string };

/** Gradient cases of an operator, or why it has no gradient to check. */
type Entry = readonly Definition[] | string;

const unary = (f: (x: Tensor) => Tensor, domain?: readonly [number, number]): Definition[] => [
	{ inputs: [[2, 7]], compute: (x) => f(x!), domain },
];

const binary = (f: (a: Tensor, b: Tensor) => Tensor, domain?: readonly [number, number]): Definition[] => [
	{
		note: "same shape",
		inputs: [
			[2, 3],
			[2, 3],
		],
		compute: (a, b) => f(a!, b!),
		domain,
	},
	{
		note: "both broadcast",
		inputs: [
			[2, 1, 3],
			[4, 1],
		],
		compute: (a, b) => f(a!, b!),
		domain,
	},
	{ note: "with a scalar", inputs: [[2, 3], []], compute: (a, b) => f(a!, b!), domain },
];

const reduction = (f: typeof op.reduceSum): Definition[] => [
	{ note: "all", inputs: [[2, 3, 2]], compute: (x) => f(x!) },
	{ note: "negative axes, dropped", inputs: [[2, 3, 2]], compute: (x) => f(x!, [-1, 0]) },
	{ note: "one axis, kept", inputs: [[2, 3, 2]], compute: (x) => f(x!, [1], true) },
];

const indices = op.constant([3, 0, 3, 1, 3, 0], [2, 3], "int64");
const condition = op.constant([1, 0, 0, 1, 1, 0], [2, 3], "bool");

/** A new operator without an entry does not compile. */
const CASES: { readonly [K in keyof typeof op.OPERATORS]: Entry } = {
	input: "a leaf",
	constant: "a leaf",
	greater: "piecewise constant",
	less: "piecewise constant",
	equal: "piecewise constant",
	and: "defined on bool only",
	sign: "piecewise constant",
	step: "piecewise constant",
	nonZero: "gives places, not values",
	add: binary(op.add),
	sub: binary(op.sub),
	mul: binary(op.mul),
	div: binary(op.div, [0.5, 2]),
	pow: binary(op.pow, [0.5, 2]),
	maximum: binary(op.maximum),
	minimum: binary(op.minimum),
	neg: unary(op.neg),
	exp: unary(op.exp),
	log: unary(op.log, [0.5, 2]),
	sqrt: unary(op.sqrt, [0.5, 2]),
	reciprocal: unary(op.reciprocal, [0.5, 2]),
	abs: unary(op.abs),
	relu: unary(op.relu),
	tanh: unary(op.tanh),
	sigmoid: unary(op.sigmoid),
	// where they are constant, see the recorded values
	hardSigmoid: unary(op.hardSigmoid),
	hardSwish: [...unary(op.hardSwish), ...unary(op.hardSwish, [3.5, 5])],
	softplus: unary(op.softplus),
	erf: unary(op.erf),
	sin: unary(op.sin),
	cos: unary(op.cos),
	reduceSum: reduction(op.reduceSum),
	reduceMean: reduction(op.reduceMean),
	reduceMax: reduction(op.reduceMax),
	where: [
		{
			note: "same shape",
			inputs: [
				[2, 3],
				[2, 3],
			],
			compute: (a, b) => op.where(condition, a!, b!),
		},
		{
			note: "broadcast",
			inputs: [
				[2, 1],
				[4, 1, 3],
			],
			compute: (a, b) => op.where(condition, a!, b!),
		},
	],
	cast: [{ inputs: [[5]], compute: (x) => op.cast(x!, "float32") }],
	matMul: [
		{
			note: "matrices",
			inputs: [
				[2, 3],
				[3, 4],
			],
			compute: (a, b) => op.matMul(a!, b!),
		},
		{
			note: "broadcast batches",
			inputs: [
				[2, 1, 2, 3],
				[3, 3, 2],
			],
			compute: (a, b) => op.matMul(a!, b!),
		},
	],
	reshape: [{ inputs: [[2, 6]], compute: (x) => op.reshape(x!, [3, 1, 4]) }],
	transpose: [
		{ note: "last two", inputs: [[2, 3, 2]], compute: (x) => op.transpose(x!) },
		{ note: "cycle", inputs: [[2, 3, 2]], compute: (x) => op.transpose(x!, [1, 2, 0]) },
	],
	broadcastLike: [{ inputs: [[3, 1]], compute: (x) => op.broadcastTo(x!, [2, 3, 4]) }],
	slice: [
		{
			note: "two axes",
			inputs: [[4, 5]],
			compute: (x) =>
				op.slice(x!, [
					{ axis: 0, start: 1, end: 3 },
					{ axis: -1, start: 0, end: 4 },
				]),
		},
		{
			note: "step that ends early",
			inputs: [[8]],
			compute: (x) => op.slice(x!, [{ axis: 0, start: 1, end: 7, step: 3 }]),
		},
		{
			note: "step to the last element",
			inputs: [[7, 2]],
			compute: (x) => op.slice(x!, [{ axis: 0, start: 0, end: 7, step: 2 }]),
		},
		{ note: "reversed", inputs: [[2, 4]], compute: (x) => op.reverse(x!, [0, 1]) },
	],
	pad: [{ inputs: [[2, 3]], compute: (x) => op.pad(x!, [1, 0], [0, 2]) }],
	concat: [
		{
			inputs: [
				[2, 1],
				[2, 3],
				[2, 2],
			],
			compute: (...inputs) => op.concat(inputs, -1),
		},
	],
	cumulativeSum: [
		{ note: "forward", inputs: [[2, 4]], compute: (x) => op.cumulativeSum(x!, 1) },
		{ note: "reversed", inputs: [[3, 2]], compute: (x) => op.cumulativeSum(x!, 0, true) },
	],
	gather: [
		{ note: "rows, some repeatedly", inputs: [[4, 2]], compute: (x) => op.gather(x!, indices) },
		{ note: "numbers", inputs: [[4]], compute: (x) => op.gather(x!, indices) },
	],
	scatterAdd: [
		{
			note: "rows, some repeatedly",
			inputs: [[2, 3, 2]],
			compute: (x) => op.scatterAdd([5, 2], indices, x!),
		},
		{ note: "numbers", inputs: [[2, 3]], compute: (x) => op.scatterAdd([5], indices, x!) },
	],
	conv2d: [
		{
			note: "3×3",
			inputs: [
				[1, 2, 3, 3],
				[1, 2, 3, 3],
			],
			compute: (x, w) => op.conv2d(x!, w!, { padding: 1 }),
		},
		// every other form: convolution.test.ts
	],
	averagePool2d: [1, 2].flatMap((stride) =>
		[1, 2, 3].map(
			(kernel) =>
				({
					note: `kernel ${kernel}, stride ${stride}`,
					inputs: [[1, 1, 5, 4]],
					compute: (x) => op.averagePool2d(x!, { kernel, stride, padding: Math.floor(kernel / 2) }),
				}) satisfies Definition,
		),
	),
	composite: [
		{
			note: "plain",
			inputs: [[2, 3]],
			compute: (x) => op.composite("channelMeanProduct", op.mul(x!, x!), [x!, x!], null),
		},
	],
	customGradient: [
		{ inputs: [[5]], compute: (x) => op.withGradient(op.exp(x!), [x!], (g, y) => [op.mul(g, y)]) },
	],
};

const named = Object.entries(CASES).flatMap(([name, entry]) =>
	typeof entry === "string"
		? []
		: entry.map(({ note, ...definition }) => ({ name: note ? `${name}: ${note}` : name, ...definition })),
);

describeGradients("operators against central differences", named);
describeGradients("second derivatives of operators", named.map(differentiated));

describe("the table of operators", () => {
	it("has no gradient rule where none is checked, leaves aside", () => {
		for (const [name, entry] of Object.entries(CASES))
			if (typeof entry === "string" && entry !== "a leaf")
				expect(op.OPERATORS[name as keyof typeof CASES].gradient, name).toBeNull();
	});

	it("knows each operator by its own name", () => {
		for (const [name, operator] of Object.entries(op.OPERATORS)) expect(operator.name).toBe(name);
	});
});
