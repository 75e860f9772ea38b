import { readFileSync } from "node:fs";
import {
	add,
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
import { afterAll, expect, it } from "vitest";
import type { GraphShape } from "./graph-shape.js";
import { denoiser } from "./network/denoiser.js";
import { denoiserInputs } from "./network/denoiser-inputs.js";
import { type DenoiserSize, PUBLISHED_DENOISER } from "./network/denoiser-size.js";

interface Encoded {
	readonly shape: number[];
	readonly data: number[];
}

type Values = Readonly<Record<string, Encoded>>;

interface Recording {
	readonly size: DenoiserSize;
	/** Width, 0 for a network without. */
	readonly conditions: number;
	readonly parameters: Values;
	readonly results: Values;
	/** Of Σ results · upstream, by name of the parameter or input. */
	readonly gradients: Values;
}

/** Small denoisers in PyTorch in float64, written by bench/reference. */
interface Recorded {
	readonly shape: GraphShape;
	readonly inputs: Values;
	readonly upstream: { readonly nodes: Encoded; readonly edges: Encoded };
	readonly denoisers: readonly Recording[];
}

const path = new URL("../fixtures/denoisers.json", import.meta.url);
const { shape, inputs, upstream, denoisers } = JSON.parse(readFileSync(path, "utf8")) as Recorded;
const runtime = createInlineRuntime();
afterAll(() => runtime.close());

const fed = (values: Values, prefix = "") =>
	Object.fromEntries(
		Object.entries(values).map(([name, { data, shape: dims }]) => [prefix + name, f32(data, dims)]),
	);

/** Largest difference of each result and gradient from the recording, relative to the size of what is compared. */
async function deviations({ size, conditions, ...recording }: Recording): Promise<Record<string, number>> {
	const scope = new ParameterScope();
	const given = denoiserInputs(shape, size, conditions, inputs.nodes!.shape[0]!);
	const results = denoiser(scope, given, shape, size);
	const weighted = (name: "nodes" | "edges") =>
		reduceSum(mul(results[name], input(`upstream.${name}`, upstream[name].shape)));
	const told = Object.entries(given).filter((entry): entry is [string, Tensor] => entry[1] !== null);
	const tensors = [...scope.tensors(), ...told];
	const slopes = gradients(
		add(weighted("nodes"), weighted("edges")),
		tensors.map(([, tensor]) => tensor),
	);
	const outputs: Record<string, Tensor> = { "result/nodes": results.nodes, "result/edges": results.edges };
	tensors.forEach(([name], i) => {
		outputs[`d/${name}`] = slopes[i]!;
	});
	const model = await runtime.load(buildModel({ outputs }));
	const toldValues = Object.fromEntries(told.map(([name]) => [name, inputs[name]!]));
	const found = await model.run({
		...{ ...fed(recording.parameters), ...fed(toldValues), ...fed(upstream, "upstream.") },
	});
	expect([...scope.tensors()].map(([name]) => name).sort()).toEqual(Object.keys(recording.parameters).sort());
	const compared = [
		...Object.entries(recording.results).map(([name, value]) => [`result/${name}`, value] as const),
		...Object.entries(recording.gradients).map(([name, value]) => [`d/${name}`, value] as const),
	];
	expect(compared.map(([name]) => name).sort()).toEqual(Object.keys(outputs).sort());
	return Object.fromEntries(
		compared.map(([name, { data }]) => {
			const largest = Math.max(1, ...data.map(Math.abs));
			const differences = data.map((value, i) => Math.abs(value - Number(found[name]!.data[i])));
			return [name, Math.max(...differences) / largest];
		}),
	);
}

it.each(
	denoisers.map((recording) => [recording.conditions > 0, recording.size.time, recording] as const),
)("equals PyTorch in float64, forward and backward: conditions %s, time %s", async (_told, _time, recording) => {
	const found = await deviations(recording);
	expect(Object.entries(found).filter(([, deviation]) => !(deviation < 2e-5))).toEqual([]);
});

it("has 10,205,577 parameters in the published size over NAS-Bench-201", () => {
	const scope = new ParameterScope();
	const nasBench201 = { nodes: 8, nodeClasses: 7 };
	denoiser(scope, denoiserInputs(nasBench201, PUBLISHED_DENOISER, 2), nasBench201, PUBLISHED_DENOISER);
	const sizes = scope.specs().map((spec) => spec.shape.reduce((a, b) => a * b, 1));
	expect(sizes.reduce((a, b) => a + b, 0)).toBe(10_205_577);
});
