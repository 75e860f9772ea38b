import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCell } from "./cell.js";
import { type Counts, countLayers, countNetwork } from "./counting.js";
import { squareMap } from "./layer.js";
import { lowerCell } from "./lower-cell.js";
import { lowerNetwork } from "./lower-network.js";
import { cellFromNasBench201 } from "./nasbench201/nasbench201.js";
import { alphaNetwork } from "./network.js";
import { KERNELS, type Kernel, OPERATION_TYPES, type OperationType } from "./operation.js";
import { initializeParameters, parameterSpecs } from "./parameters.js";
import { randomCell } from "./random-cell.js";

const BEST_NATS =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

/** Parameters and half of flopCount of one operation Cin → C on s × s maps at stride 1, in closed form. */
type ClosedForm = (cin: number, c: number, k: Kernel, s: number) => { parameters: number; halfFlops: number };

const separable: ClosedForm = (cin, c, k, s) => ({
	parameters: cin * k * k + cin * c + 2 * c,
	halfFlops: s * s * (cin + cin * k * k + cin * c + 2 * c),
});
const bottleneck =
	(expansion: number): ClosedForm =>
	(cin, c, k, s) => {
		const h = Math.floor(expansion * cin);
		return {
			parameters: cin * h + 2 * h + h * k * k + 2 * h + h * c + 2 * c,
			halfFlops: s * s * (cin + cin * h + 3 * h + h * k * k + 3 * h + h * c + 2 * c),
		};
	};
const CLOSED_FORMS: Record<OperationType, ClosedForm> = {
	conv: (cin, c, k, s) => ({
		parameters: cin * c * k * k + 2 * c,
		halfFlops: s * s * (cin + cin * c * k * k + 2 * c),
	}),
	sep_conv: separable,
	dil_conv: separable,
	mbconv_2: bottleneck(2),
	mbconv_3: bottleneck(3),
	mbconv_6: bottleneck(6),
	bconv_2: bottleneck(1 / 2),
	bconv_4: bottleneck(1 / 4),
	avg_pool: (cin, c, _, s) =>
		cin === c
			? { parameters: 0, halfFlops: s * s * 2 * cin }
			: { parameters: cin * c + c + 2 * c, halfFlops: s * s * (2 * cin + cin + cin * c + c + 2 * c) },
};

function single(type: OperationType, kernel: Kernel) {
	return createCell(
		[{ type, kernel }],
		[
			[0, 1],
			[1, 2],
		],
	);
}

describe("counting", () => {
	it("matches the published numbers of α_x of the best NATS-Bench cell", () => {
		expect(countNetwork(alphaNetwork(cellFromNasBench201(BEST_NATS)))).toMatchObject({
			parameterCount: 1_148_474,
			flopCount: 326_665_492,
			layerCount: 89,
		});
	});

	it.each(OPERATION_TYPES)("matches the closed form of %s", (type) => {
		for (const kernel of KERNELS)
			for (const [cin, c] of [
				[16, 16],
				[8, 24],
				[24, 8],
			] as const) {
				const counts = countLayers(
					lowerCell(single(type, kernel), { input: squareMap(cin, 10), channels: c, stride: 1 }),
				);
				const expected = CLOSED_FORMS[type](cin, c, kernel, 10);
				expect(counts.parameterCount).toBe(expected.parameters);
				expect(counts.flopCount).toBe(2 * expected.halfFlops);
			}
	});

	it("counts multiply-accumulates of convolutions and linear layers alone", () => {
		const counts = countLayers(
			lowerCell(single("conv", 3), { input: squareMap(8, 32), channels: 16, stride: 2 }),
		);
		expect(counts.macCount).toBe(16 * 16 * 8 * 16 * 9);
	});

	it("is the sum of its sections, and parameters are the sizes of the parameter tensors", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const graph = lowerNetwork(alphaNetwork(randomCell(createRandom(seed))));
				const whole = countLayers(graph);
				const parts = graph.sections.map(({ firstLayer, endLayer }) =>
					countLayers({ ...graph, layers: graph.layers.slice(firstLayer, endLayer) }),
				);
				const total = (key: keyof Counts) => parts.reduce((sum, part) => sum + part[key], 0);
				expect([total("parameterCount"), total("flopCount")]).toEqual([
					whole.parameterCount,
					whole.flopCount,
				]);
				const sizes = parameterSpecs(graph).map(({ shape }) => shape.reduce((a, b) => a * b, 1));
				expect(sizes.reduce((a, b) => a + b, 0)).toBe(whole.parameterCount);
			}),
			{ numRuns: 50 },
		);
	});
});

describe("initializeParameters", () => {
	const graph = lowerCell(single("avg_pool", 3), { input: squareMap(8, 8), channels: 64, stride: 1 });

	it("fills weights and biases up to ±1/√fan_in and BN with one and zero", () => {
		const values = initializeParameters(graph, createRandom(1));
		const weight = values.get("cell.node1.conv.weight")!;
		const largest = weight.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
		expect(weight).toHaveLength(512);
		expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(8));
		expect(largest).toBeGreaterThan(0.97 / Math.sqrt(8));
		expect(values.get("cell.node1.conv.bias")!.some((b) => b !== 0)).toBe(true);
		expect(new Set(values.get("cell.node1.norm.weight"))).toEqual(new Set([1]));
		expect(new Set(values.get("cell.node1.norm.bias"))).toEqual(new Set([0]));
	});

	it("uses the depth of a group as fan-in of a depthwise convolution", () => {
		const specs = parameterSpecs(
			lowerCell(single("dil_conv", 5), { input: squareMap(8, 8), channels: 8, stride: 1 }),
		);
		expect(specs[0]).toEqual({
			name: "cell.node1.depthwise.weight",
			shape: [8, 1, 5, 5],
			kind: "conv_weight",
			fanIn: 25,
		});
	});

	it("repeats for a seed and differs for another", () => {
		const name = "cell.node1.conv.weight";
		const draw = (seed: number) => initializeParameters(graph, createRandom(seed)).get(name);
		expect(draw(1)).toEqual(draw(1));
		expect(draw(1)).not.toEqual(draw(2));
	});
});
