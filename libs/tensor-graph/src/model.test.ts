import { describe, expect, it } from "vitest";
import { deviation, evaluate } from "../test/evaluate.js";
import {
	add,
	buildModel,
	concat,
	constant,
	conv2d,
	createInlineRuntime,
	cumulativeSum,
	f32,
	type GraphProto,
	gather,
	gradients,
	greater,
	i64,
	input,
	layerNorm,
	linear,
	ModelProto,
	matMul,
	ONNX_IR_VERSION,
	ONNX_OPSET,
	reduceMean,
	relu,
	reshape,
	ShapeError,
	scalar,
	slice,
	softmax,
	type Tensor,
	transpose,
	where,
} from "./index.js";

const readBack = (file: Uint8Array) => ModelProto.decode(file);
const graphOf = (file: Uint8Array) => readBack(file).graph as GraphProto;

describe("the ONNX file", () => {
	const [x, w] = [input("x", ["batch", 3]), input("w", [2, 3])];
	const shared = relu(linear(x, w));
	const outputs = { sum: add(shared, shared), mean: reduceMean(shared, [1]) };

	it("names its versions", () => {
		const { irVersion, opsetImport, producerName, graph } = readBack(
			buildModel({ outputs, name: "two-heads" }),
		);
		expect(irVersion).toBe(BigInt(ONNX_IR_VERSION));
		expect(opsetImport).toEqual([{ domain: "", version: BigInt(ONNX_OPSET) }]);
		expect([producerName, graph?.name]).toEqual(["archgen", "two-heads"]);
	});

	it("types its inputs and outputs, dynamic axes by name", () => {
		const { input: inputs, output } = graphOf(buildModel({ outputs, inputs: [w] }));
		const described = [...inputs, ...output].map(({ name, type }) => {
			const tensor = type?.value?.value;
			return [name, tensor?.elemType, tensor?.shape?.dim.map((dim) => dim.value?.value)];
		});
		expect(described).toEqual([
			["w", 1, [2n, 3n]],
			["x", 1, ["batch", 3n]],
			["sum", 1, ["batch", 2n]],
			["mean", 1, ["batch"]],
		]);
	});

	it("holds every node once, after those it needs", () => {
		const { node, input: inputs, initializer } = graphOf(buildModel({ outputs }));
		expect(node.filter((n) => n.opType === "Relu")).toHaveLength(1);
		const known = new Set([...inputs, ...initializer].map(({ name }) => name));
		for (const { input: needed, output } of node) {
			for (const name of needed) expect(known).toContain(name);
			for (const name of output) expect(known).not.toContain(name);
			for (const name of output) known.add(name);
		}
	});

	it("stores equal index lists once", () => {
		const y = add(slice(x, [{ axis: 1, start: 0, end: 1 }]), slice(x, [{ axis: 1, start: 1, end: 2 }]));
		const values = graphOf(buildModel({ outputs: { y } })).initializer.map(({ rawData }) =>
			Buffer.from(rawData).toString("hex"),
		);
		expect(new Set(values).size).toBe(values.length);
	});

	it("takes trained values in place of inputs and then computes the same", async () => {
		const weights = Float32Array.from([1, -2, 3, 0.5, 0, -1]);
		const constants = new Map([["w", { data: weights, shape: [2, 3] }]]);
		const served = buildModel({ outputs, inputs: [x, w], constants });
		expect(graphOf(served).input.map(({ name }) => name)).toEqual(["x"]);
		const feeds = { x: f32([1, 2, 3, 4, 5, 6], [2, 3]) };
		const model = await createInlineRuntime().load(served);
		const fed = await evaluate(outputs, { ...feeds, w: f32(weights, [2, 3]) });
		expect(await model.run(feeds)).toEqual(fed);
	});

	it("refuses names used twice and constants of another shape", () => {
		expect(() => buildModel({ outputs: { y: add(input("a", []), input("a", [])) } })).toThrow(
			'two inputs are named "a"',
		);
		expect(() => buildModel({ outputs: { x: relu(x) } })).toThrow('named like the input "x"');
		const constants = new Map([["w", { data: new Float32Array(4), shape: [2, 2] }]]);
		expect(() => buildModel({ outputs, constants })).toThrow(ShapeError);
		expect(() => buildModel({ outputs, constants })).toThrow(/\[2, 2\].*\[2, 3\]/);
	});
});

describe("dynamic axes", () => {
	/** Causal attention with one key-value pair of the past put before those of the sequence. */
	function attention(batch: number | string, length: number | string): Record<string, Tensor> {
		const [heads, width] = [2, 3];
		const tokens = input("tokens", [batch, length], "int64");
		const past = input("past", [batch, heads, "past", width]);
		const table = constant(
			Array.from({ length: 30 }, (_, i) => Math.sin(i)),
			[5, heads * width],
		);
		const embedded = layerNorm(
			gather(table, tokens),
			constant([1, 1, 1, 1, 1, 1], [6]),
			constant([0, 0, 0, 0, 0, 1], [6]),
		);
		const split = transpose(reshape(embedded, [batch, length, heads, width]), [0, 2, 1, 3]);
		const keys = concat([past, split], 2);
		const scores = matMul(split, transpose(keys));
		const mixed = matMul(softmax(where(greater(scores, scalar(-9)), scores, scalar(-9))), keys);
		const merged = reshape(transpose(mixed, [0, 2, 1, 3]), [batch, length, heads * width]);
		return { merged, keys, positions: cumulativeSum(tokens, 1) };
	}

	it.each([
		[1, 1, 0],
		[2, 4, 3],
	])("one file runs with batch %i, length %i and past %i", async (batch, length, past) => {
		const feeds = {
			tokens: i64(
				Array.from({ length: batch * length }, (_, i) => (3 * i) % 5),
				[batch, length],
			),
			past: f32(
				Float32Array.from({ length: batch * 6 * past }, (_, i) => Math.cos(i)),
				[batch, 2, past, 3],
			),
		};
		const dynamic = await evaluate(attention("batch", "length"), feeds);
		expect(dynamic.merged!.shape).toEqual([batch, length, 6]);
		expect(dynamic.keys!.shape).toEqual([batch, 2, past + length, 3]);
		const fixed = await evaluate(attention(batch, length), feeds);
		expect(deviation(dynamic.merged!.data, [...(fixed.merged!.data as Float32Array)])).toBeLessThan(1e-6);
		expect(dynamic.positions!.data).toEqual(fixed.positions!.data);
	});

	it("gradients of a loss over a batch of any size", async () => {
		const [x, w] = [input("x", ["batch", 3]), input("w", [1, 3])];
		const target = input("target", ["batch", 1]);
		const difference = add(linear(x, w), target);
		const [dw] = gradients(matMul(transpose(difference), difference), [w]);
		for (const batch of [1, 4]) {
			const ones = f32(new Float32Array(batch * 3).fill(1), [batch, 3]);
			const feeds = { x: ones, target: f32(new Float32Array(batch), [batch, 1]), w: f32([1, 2, 3], [1, 3]) };
			// ∂(Σ_n (Σ_i w_i)²)/∂w = 2 · 6 per row
			expect([...(await evaluate({ dw: dw! }, feeds)).dw.data]).toEqual([12, 12, 12].map((g) => g * batch));
		}
	});

	it("convolutions of any number of images", async () => {
		const y = conv2d(input("x", ["images", 1, 2, 2]), constant([1, 1, 1, 1], [1, 1, 2, 2]));
		expect(y.shape).toEqual(["images", 1, 1, 1]);
		expect([...(await evaluate({ y }, { x: f32([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 2, 2]) })).y.data]).toEqual([
			10, 26,
		]);
	});
});
