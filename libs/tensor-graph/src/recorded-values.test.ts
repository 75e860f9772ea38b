import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { deviation, evaluate } from "../test/evaluate.js";
import {
	adamwUpdate,
	add,
	averagePool2d,
	batchNormEval,
	batchNormTrain,
	bceWithLogits,
	clipByGlobalNorm,
	constant,
	conv2d,
	crossEntropy,
	f32,
	geluNew,
	globalNorm,
	gradients,
	input,
	layerNorm,
	linear,
	logSoftmax,
	logSumExp,
	mul,
	reduceSum,
	reshape,
	scalar,
	softmax,
	sub,
	type Tensor,
	type TensorValue,
	vectorJacobianProduct,
} from "./index.js";

/** Written by bench/reference/record_layer_fixtures.py from PyTorch in float64. */
interface Recorded {
	readonly source: string;
	readonly cases: readonly RecordedCase[];
	readonly optimizer: {
		readonly learningRate: number;
		readonly weightDecay: number;
		readonly betas: readonly [number, number];
		readonly epsilon: number;
		readonly start: Numbers;
		readonly target: Numbers;
		readonly curvature: Numbers;
		readonly steps: readonly { lossBefore: number; x: Numbers; first: Numbers; second: Numbers }[];
	};
	readonly clipping: {
		readonly cases: readonly { limit: number; gradients: Numbers[]; norm: number; clipped: Numbers[] }[];
	};
}

interface Numbers {
	readonly shape: readonly number[];
	readonly data: readonly number[];
}

interface RecordedCase {
	readonly operation: string;
	readonly attributes: Readonly<Record<string, number>>;
	readonly inputs: Readonly<Record<string, Numbers>>;
	readonly output: Numbers;
	readonly seed: Numbers;
	readonly gradients: Readonly<Record<string, Numbers>>;
}

const path = new URL("../fixtures/gradients.json", import.meta.url);
const recorded = JSON.parse(readFileSync(path, "utf8")) as Recorded;

type Inputs = Readonly<Record<string, Tensor>>;
type Attributes = Readonly<Record<string, number>>;

/** Our form of each recorded function. */
const FUNCTIONS: Readonly<Record<string, (inputs: Inputs, attributes: Attributes) => Tensor>> = {
	conv2d({ x, weight, bias }, attributes) {
		const y = conv2d(x!, weight!, attributes);
		return bias ? add(y, reshape(bias, [1, bias.shape[0]!, 1, 1])) : y;
	},
	averagePool2d: ({ x }, attributes) => averagePool2d(x!, { kernel: 1, ...attributes }),
	batchNormTrain: ({ x, weight, bias }, { epsilon }) =>
		batchNormTrain(x!, weight ?? null, bias ?? null, epsilon),
	batchNormEval: ({ x, weight, bias }, { epsilon }) =>
		batchNormEval(x!, weight ?? null, bias ?? null, epsilon),
	layerNorm: ({ x, weight, bias }, { epsilon }) => layerNorm(x!, weight!, bias!, epsilon),
	softmax: ({ x }, { axis }) => softmax(x!, axis),
	logSoftmax: ({ x }, { axis }) => logSoftmax(x!, axis),
	// PyTorch drops the axis
	logSumExp: ({ x }, { axis }) => reshape(logSumExp(x!, axis), [x!.shape[0]!]),
	crossEntropy: ({ logits, labels }) => crossEntropy(logits!, labels!),
	bceWithLogits: ({ logits, targets }) => bceWithLogits(logits!, targets!),
	geluNew: ({ x }) => geluNew(x!),
	linear: ({ x, weight, bias }) => linear(x!, weight!, bias),
};

const tensorOf = ({ data, shape }: Numbers, dtype: "float32" | "int64" = "float32") =>
	constant(data, shape, dtype);
const feedOf = ({ data, shape }: Numbers) => f32(data, shape);

describe(`operators and layers against ${recorded.source}`, () => {
	let computed: Record<string, TensorValue> = {};

	beforeAll(async () => {
		const outputs: Record<string, Tensor> = {};
		recorded.cases.forEach(({ operation, attributes, inputs, seed, gradients: expected }, i) => {
			const tensors = Object.fromEntries(
				Object.entries(inputs).map(([name, array]) => [
					name,
					tensorOf(array, name in expected ? "float32" : "int64"),
				]),
			);
			const result = FUNCTIONS[operation]!(tensors, attributes);
			outputs[`${i}`] = result;
			const wrt = Object.keys(expected).map((name) => tensors[name]!);
			vectorJacobianProduct([{ result, upstream: tensorOf(seed) }], wrt).forEach((gradient, k) => {
				outputs[`${i}/${Object.keys(expected)[k]}`] = gradient;
			});
		});
		computed = await evaluate(outputs);
	});

	it.each(
		recorded.cases.map((c, i) => [c.operation, JSON.stringify(c.attributes), i] as const),
	)("%s %s", (_operation, _attributes, i) => {
		const { output, gradients: expected } = recorded.cases[i]!;
		expect(computed[`${i}`]!.shape).toEqual(output.shape);
		expect(deviation(computed[`${i}`]!.data as Float32Array, output.data)).toBeLessThan(5e-6);
		for (const [name, gradient] of Object.entries(expected)) {
			expect(computed[`${i}/${name}`]!.shape).toEqual(gradient.shape);
			expect(deviation(computed[`${i}/${name}`]!.data as Float32Array, gradient.data), name).toBeLessThan(
				5e-6,
			);
		}
	});
});

describe("AdamW against PyTorch", () => {
	it("gives the same parameters and moments step by step", async () => {
		const { start, target, curvature, steps, ...options } = recorded.optimizer;
		const parameter = input("x", start.shape);
		const moments = { first: input("m", start.shape), second: input("v", start.shape) };
		const difference = sub(parameter, tensorOf(target));
		const loss = mul(scalar(0.5), reduceSum(mul(tensorOf(curvature), mul(difference, difference))));
		const next = adamwUpdate(
			parameter,
			gradients(loss, [parameter])[0]!,
			moments,
			input("step", []),
			options,
		);
		const zeros = f32(new Float32Array(start.data.length), start.shape);
		let state: { parameter: TensorValue; first: TensorValue; second: TensorValue } = {
			parameter: feedOf(start),
			first: zeros,
			second: zeros,
		};
		for (const [step, expected] of steps.entries()) {
			const feeds = { x: state.parameter, m: state.first, v: state.second, step: f32([step], []) };
			const { loss: before, ...updated } = await evaluate({ loss, ...next }, feeds);
			state = updated;
			expect(Number(before.data[0])).toBeCloseTo(expected.lossBefore, 5);
			expect(deviation(state.parameter.data as Float32Array, expected.x.data)).toBeLessThan(2e-6);
			expect(deviation(state.first.data as Float32Array, expected.first.data)).toBeLessThan(2e-6);
			expect(deviation(state.second.data as Float32Array, expected.second.data)).toBeLessThan(2e-6);
		}
	});
});

describe("gradient clipping against PyTorch", () => {
	it.each(recorded.clipping.cases)("to a norm of $limit", async ({
		limit,
		gradients: raw,
		norm,
		clipped,
	}) => {
		const tensors = raw.map((g) => tensorOf(g));
		const results = clipByGlobalNorm(tensors, limit);
		const values = await evaluate({ norm: globalNorm(tensors), first: results[0]!, second: results[1]! });
		expect(Number(values.norm.data[0])).toBeCloseTo(norm, 5);
		expect(deviation(values.first.data as Float32Array, clipped[0]!.data)).toBeLessThan(1e-6);
		expect(deviation(values.second.data as Float32Array, clipped[1]!.data)).toBeLessThan(1e-6);
	});
});
