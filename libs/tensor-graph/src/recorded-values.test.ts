import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deviation, evaluate } from "../test/evaluate.js";
import {
	add,
	averagePool2d,
	batchNormEval,
	batchNormTrain,
	bceWithLogits,
	constant,
	conv2d,
	createTrainer,
	crossEntropy,
	geluNew,
	hardSigmoid,
	hardSwish,
	layerNorm,
	linear,
	logSoftmax,
	logSumExp,
	mul,
	type OptimizerOptions,
	ParameterScope,
	reduceSum,
	reshape,
	SessionPool,
	scalar,
	sigmoid,
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
const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());
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
	hardSwish: ({ x }) => hardSwish(x!),
	hardSigmoid: ({ x }) => hardSigmoid(x!),
	sigmoid: ({ x }) => sigmoid(x!),
	linear: ({ x, weight, bias }) => linear(x!, weight!, bias),
};

const tensorOf = ({ data, shape }: Numbers, dtype: "float32" | "int64" = "float32") =>
	constant(data, shape, dtype);

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

/** A trainer of parameters x0, x1, … that starts at these values. */
function trainerOf(
	start: readonly Numbers[],
	lossOf: (parameters: readonly Tensor[]) => Tensor,
	optimizer: OptimizerOptions,
) {
	const parameters = new ParameterScope();
	const tensors = start.map(({ shape }, i) =>
		parameters.parameter(`x${i}`, shape, { kind: "constant", value: 0 }),
	);
	const initial = new Map(start.map(({ data }, i) => [`x${i}`, Float32Array.from(data)]));
	return createTrainer(pool, { loss: lossOf(tensors), parameters, optimizer, start: { initial } });
}

describe("AdamW against PyTorch", () => {
	it("gives the same parameters and moments step by step", async () => {
		const { start, target, curvature, steps, ...options } = recorded.optimizer;
		const lossOf = ([x]: readonly Tensor[]) => {
			const difference = sub(x!, tensorOf(target));
			return mul(scalar(0.5), reduceSum(mul(tensorOf(curvature), mul(difference, difference))));
		};
		const trainer = await trainerOf([start], lossOf, options);
		for (const expected of steps) {
			const { loss } = await trainer.step({});
			const state = await trainer.state();
			expect(loss).toBeCloseTo(expected.lossBefore, 5);
			expect(deviation(state.parameters.get("x0")!, expected.x.data)).toBeLessThan(2e-6);
			expect(deviation(state.first.get("x0")!, expected.first.data)).toBeLessThan(2e-6);
			expect(deviation(state.second.get("x0")!, expected.second.data)).toBeLessThan(2e-6);
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
		// The gradient of Σ g x is g, and without memory the first moment is the clipped gradient.
		const lossOf = (x: readonly Tensor[]) =>
			x.map((tensor, i) => reduceSum(mul(tensor, tensorOf(raw[i]!)))).reduce(add);
		const optimizer = { learningRate: 1, betas: [0, 0.9], clipNorm: limit } as const;
		const trainer = await trainerOf(raw, lossOf, optimizer);
		expect((await trainer.step({})).gradientNorm).toBeCloseTo(norm, 5);
		const { first } = await trainer.state();
		clipped.forEach(({ data }, i) => {
			expect(deviation(first.get(`x${i}`)!, data)).toBeLessThan(1e-6);
		});
	});
});
