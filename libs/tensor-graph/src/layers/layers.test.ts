import { describe, expect, it } from "vitest";
import { describeGradients } from "../../test/describe-gradients.js";
import { deviation, numbersOf } from "../../test/evaluate.js";
import { differentiated, type GradientCase } from "../../test/finite-differences.js";
import { gradients } from "../gradient.js";
import { constant, reduceSum } from "../operators/index.js";
import * as activations from "./activations.js";
import * as convolutions from "./convolution.js";
import * as linears from "./linear.js";
import * as losses from "./losses.js";
import * as normalizations from "./normalization.js";

const layers = { ...activations, ...convolutions, ...linears, ...losses, ...normalizations };

type Definition = Omit<GradientCase, "name">;
/** Inputs of the layer to differentiate, or why there are none. */
type Entry = Readonly<Record<string, Definition>> | string;

const labels = constant([0, 3, 2], [3], "int64");
const targets = constant([0, 1, 0.3, 0.7, 1, 0], [2, 3]);

/** A new export of a layer file without an entry does not compile. */
const CASES: { readonly [K in keyof typeof layers]: Entry } = {
	NORMALIZATION_EPSILON: "a number",
	oneHot: "piecewise constant",
	softmax: {
		"last axis": { inputs: [[2, 4]], compute: (x) => layers.softmax(x!) },
		"first axis": { inputs: [[3, 2]], compute: (x) => layers.softmax(x!, 0) },
	},
	logSoftmax: {
		"last axis": { inputs: [[2, 4]], compute: (x) => layers.logSoftmax(x!) },
		"middle axis": { inputs: [[2, 3, 2]], compute: (x) => layers.logSoftmax(x!, 1) },
	},
	logSumExp: { "last axis": { inputs: [[2, 4]], compute: (x) => layers.logSumExp(x!) } },
	geluNew: { "": { inputs: [[9]], compute: (x) => layers.geluNew(x!), domain: [-3, 3] } },
	linear: {
		"with bias": { inputs: [[2, 3], [4, 3], [4]], compute: (x, w, b) => layers.linear(x!, w!, b) },
		"of sequences": {
			inputs: [
				[2, 2, 3],
				[2, 3],
			],
			compute: (x, w) => layers.linear(x!, w!),
		},
	},
	bceWithLogits: {
		"": { inputs: [[2, 3]], compute: (x) => layers.bceWithLogits(x!, targets), domain: [-4, 4] },
	},
	crossEntropyPerItem: { "": { inputs: [[3, 4]], compute: (x) => layers.crossEntropyPerItem(x!, labels) } },
	crossEntropy: { "": { inputs: [[3, 4]], compute: (x) => layers.crossEntropy(x!, labels) } },
	meanSquaredError: {
		"": {
			inputs: [
				[2, 3],
				[2, 3],
			],
			compute: (a, b) => layers.meanSquaredError(a!, b!),
		},
	},
	shiftedConv2d: {
		"": {
			inputs: [
				[2, 2, 3, 3],
				[3, 2, 3, 3],
				[1, 3, 1, 1],
			],
			compute: (x, w, shift) => layers.shiftedConv2d(x!, w!, shift!, { padding: 1 }),
		},
	},
	statisticsOf: {
		mean: { inputs: [[2, 4]], compute: (x) => layers.statisticsOf(x!, [1]).mean },
		precision: { inputs: [[2, 2, 2, 2]], compute: (x) => layers.statisticsOf(x!, [0, 2, 3], 0.1).precision },
	},
	normalize: {
		"one axis": { inputs: [[2, 4]], compute: (x) => layers.normalize(x!, [1]) },
		"three axes": { inputs: [[2, 2, 2, 2]], compute: (x) => layers.normalize(x!, [0, 2, 3], 0.1) },
	},
	layerNorm: { "": { inputs: [[2, 4], [4], [4]], compute: (x, w, b) => layers.layerNorm(x!, w!, b!) } },
	batchNormTrain: {
		affine: { inputs: [[3, 2, 2, 1], [2], [2]], compute: (x, w, b) => layers.batchNormTrain(x!, w!, b!) },
		"not affine": { inputs: [[3, 2, 1, 2]], compute: (x) => layers.batchNormTrain(x!, null, null) },
	},
	batchNormEval: {
		affine: { inputs: [[2, 2, 1, 2], [2], [2]], compute: (x, w, b) => layers.batchNormEval(x!, w!, b!) },
		"not affine": { inputs: [[2, 2, 1, 2]], compute: (x) => layers.batchNormEval(x!, null, null, 0.5) },
	},
};

const named = Object.entries(CASES).flatMap(([layer, entry]) =>
	typeof entry === "string"
		? []
		: Object.entries(entry).map(([note, definition]) => ({
				name: note ? `${layer}, ${note}` : layer,
				...definition,
			})),
);

describeGradients("layers against central differences", named);
describeGradients("second derivatives of layers", named.map(differentiated));

describe("numerically delicate layers", () => {
	it("softmax and its relatives do not overflow", async () => {
		const x = constant([1000, 999, -1000], [3]);
		expect(await numbersOf(layers.softmax(x))).toSatisfy(
			(y: number[]) => deviation(y, [0.7310586, 0.2689414, 0]) < 1e-6,
		);
		expect((await numbersOf(layers.logSumExp(x)))[0]).toBeCloseTo(1000.3133, 3);
		expect((await numbersOf(layers.logSoftmax(x)))[2]).toBeCloseTo(-2000.3133, 3);
	});

	it("binary cross-entropy is finite for large logits and has its derivative at 0 too", async () => {
		const logits = constant([0, 0, 200, -200], [4]);
		const loss = layers.bceWithLogits(logits, constant([1, 0, 0, 1], [4]));
		const [gradient] = gradients(reduceSum(loss), [logits]);
		expect(deviation(await numbersOf(loss), [Math.LN2, Math.LN2, 200, 200])).toBeLessThan(1e-6);
		expect(await numbersOf(gradient!)).toEqual([-0.5, 0.5, 1, -1]);
	});

	it("normalisation of constant values gives 0, not NaN", async () => {
		const x = constant([5, 5, 5, 5], [1, 4]);
		const y = layers.normalize(x, [1]);
		expect(await numbersOf(y)).toEqual([0, 0, 0, 0]);
		expect(await numbersOf(gradients(reduceSum(y), [x])[0]!)).toEqual([0, 0, 0, 0]);
	});

	it("one-hot rows mark the label, unknown labels nothing", async () => {
		expect(await numbersOf(layers.oneHot(constant([1, 7], [2], "int64"), 3))).toEqual([0, 1, 0, 0, 0, 0]);
	});
});
