import { readFileSync } from "node:fs";
import {
	buildModel,
	createInlineRuntime,
	f32,
	gradients,
	input,
	mul,
	ParameterScope,
	reduceSum,
	type Tensor,
} from "@archgen/tensor-graph";
import { afterAll, describe, expect, it } from "vitest";
import { type PredictorSize, predictorNetwork } from "./predictor-network.js";
import { scoreNetwork } from "./score-network.js";
import { PUBLISHED_SIZE, type ScoreNetworkSize } from "./score-network-size.js";
import type { StateShape } from "./state-shape.js";

interface Encoded {
	readonly shape: number[];
	readonly data: number[];
}

interface Recording<Size> {
	readonly size: Size;
	readonly parameters: Record<string, Encoded>;
	readonly result: Encoded;
	/** Of Σ result · upstream. */
	readonly gradients: Record<string, Encoded>;
	readonly stateGradient: Encoded;
}

/** Small networks in PyTorch in float64, written by bench/reference. */
interface Recorded {
	readonly shape: StateShape;
	readonly x: Encoded;
	readonly sigma: Encoded;
	readonly upstream: Encoded;
	readonly scores: readonly Recording<ScoreNetworkSize>[];
	readonly predictor: Recording<PredictorSize>;
}

const path = new URL("../fixtures/networks.json", import.meta.url);
const recorded = JSON.parse(readFileSync(path, "utf8")) as Recorded;
const { shape } = recorded;
const runtime = createInlineRuntime();
afterAll(() => runtime.close());

const fed = ({ data, shape: dims }: Encoded) => f32(data, dims);

type Network = (scope: ParameterScope, x: Tensor, sigma: Tensor) => Tensor;

/** Largest difference from the recording, relative to the size of what is compared. */
async function deviations(network: Network, recording: Recording<unknown>, upstream: Encoded | undefined) {
	const [x, sigma] = [input("x", recorded.x.shape), input("sigma", recorded.sigma.shape)];
	const scope = new ParameterScope();
	const result = network(scope, x, sigma);
	const weighted = upstream ? mul(result, input("upstream", upstream.shape)) : result;
	const tensors = [...scope.tensors()];
	const slopes = gradients(reduceSum(weighted), [...tensors.map(([, tensor]) => tensor), x]);
	const outputs: Record<string, Tensor> = { result, "d/x": slopes.at(-1)! };
	tensors.forEach(([name], i) => {
		outputs[`d/${name}`] = slopes[i]!;
	});
	const model = await runtime.load(buildModel({ outputs }));
	const parameters = Object.entries(recording.parameters).map(([name, value]) => [name, fed(value)] as const);
	const found = await model.run({
		...Object.fromEntries(parameters),
		...{ x: fed(recorded.x), sigma: fed(recorded.sigma) },
		...(upstream && { upstream: fed(upstream) }),
	});
	expect(tensors.map(([name]) => name).sort()).toEqual(Object.keys(recording.parameters).sort());
	const expected: Record<string, Encoded> = { result: recording.result, "d/x": recording.stateGradient };
	for (const [name, value] of Object.entries(recording.gradients)) expected[`d/${name}`] = value;
	return Object.entries(expected).map(([name, { data }]) => {
		const size = Math.max(1, ...data.map(Math.abs));
		return Math.max(...data.map((value, i) => Math.abs(value - Number(found[name]!.data[i])))) / size;
	});
}

describe("against PyTorch in float64, forward and backward:", () => {
	it.each(
		recorded.scores.map(
			(recording) => [recording.size.parameterization, recording.size.positions, recording] as const,
		),
	)("the score network, output as %s, positions %s", async (_kind, _told, recording) => {
		const network: Network = (scope, x, sigma) => scoreNetwork(scope, x, sigma, shape, recording.size);
		expect(Math.max(...(await deviations(network, recording, recorded.upstream)))).toBeLessThan(2e-5);
	});

	it("the predictor", async () => {
		const { predictor } = recorded;
		const network: Network = (scope, x, sigma) => predictorNetwork(scope, x, sigma, shape, predictor.size);
		expect(Math.max(...(await deviations(network, predictor, undefined)))).toBeLessThan(2e-5);
	});
});

it("has 3,989,575 parameters in the published size over eight nodes of seven operations", () => {
	const scope = new ParameterScope();
	const successors = [[1, 2, 4], [3, 5], [6], [6], [7], [7], [7], []];
	const nasBench201 = { nodes: 8, operations: 7, successors };
	scoreNetwork(scope, input("x", [1, 8, 7]), input("sigma", [1, 1]), nasBench201, PUBLISHED_SIZE);
	const sizes = scope.specs().map((spec) => spec.shape.reduce((a, b) => a * b, 1));
	expect(sizes.reduce((a, b) => a + b, 0)).toBe(3_989_575);
});
