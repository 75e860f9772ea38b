import { createRandom, fillNormal } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviation } from "../../test/evaluate.js";
import {
	add,
	averagePool2d,
	blockedRewrite,
	buildModel,
	conv2d,
	createInlineRuntime,
	detectChannelBlock,
	elementCount,
	f32,
	input,
	ModelProto,
	mul,
	normalize,
	reduceMean,
	relu,
	scalar,
	shiftedConv2d,
	type Tensor,
	type TensorValue,
	vectorJacobianProduct,
} from "../index.js";

const runtime = createInlineRuntime();
const BATCH = 3;
const block = await detectChannelBlock(runtime);

/** Numbers for every input of some tensors. */
function feedsOf(inputs: readonly Tensor[], seed: number): Record<string, TensorValue> {
	const random = createRandom(seed);
	return Object.fromEntries(
		inputs.map((x) => {
			const { name } = x.attributes as { name: string };
			return [
				name,
				f32(fillNormal(random.fork(name), new Float32Array(elementCount(x.shape))), x.shape as number[]),
			];
		}),
	);
}

async function run(model: Uint8Array, feeds: Record<string, TensorValue>) {
	const loaded = await runtime.load(model, { optimization: "disabled" });
	const values = await loaded.run(feeds);
	await loaded.release();
	return values;
}

/** Largest relative difference of any output between the plain and the blocked graph. */
async function difference(
	outputs: Record<string, Tensor>,
	inputs: readonly Tensor[],
	seed: number,
): Promise<number> {
	const feeds = feedsOf(inputs, seed);
	const plain = await run(buildModel({ outputs }), feeds);
	const blocked = await run(buildModel({ outputs, rewrite: blockedRewrite(block!) }), feeds);
	return Math.max(
		...Object.keys(outputs).map((name) =>
			deviation(blocked[name]!.data, Array.from(plain[name]!.data as Float32Array)),
		),
	);
}

/** A result with its gradients to all inputs. */
function withGradients(result: Tensor, inputs: readonly Tensor[]): Record<string, Tensor> {
	const upstream = input("upstream", result.shape);
	const gradients = vectorJacobianProduct([{ result, upstream }], inputs);
	return { result, ...Object.fromEntries(gradients.map((gradient, i) => [`gradient${i}`, gradient])) };
}

const inputsOf = (outputs: Record<string, Tensor>, inputs: readonly Tensor[]) => [
	...inputs,
	input("upstream", outputs.result!.shape),
];

const kinds = fc.record({
	channels: fc.integer({ min: 1, max: 40 }),
	outputs: fc.integer({ min: 1, max: 40 }),
	size: fc.integer({ min: 5, max: 9 }),
	kernel: fc.constantFrom(1, 3, 5),
	stride: fc.constantFrom(1, 2),
	dilation: fc.constantFrom(1, 2),
	depthwise: fc.boolean(),
	seed: fc.nat(1000),
});

describe.runIf(block !== null)("a graph in blocked layout equals the plain one", () => {
	it("finds out how many channels lie side by side", () => {
		expect([4, 8, 16, 32]).toContain(block);
	});

	it("in convolutions of any channels, stride and dilation, with their gradients", async () => {
		await fc.assert(
			fc.asyncProperty(
				kinds,
				async ({ channels, outputs, size, kernel, stride, dilation, depthwise, seed }) => {
					const x = input("x", [BATCH, channels, size, size]);
					const w = input("w", [depthwise ? channels : outputs, depthwise ? 1 : channels, kernel, kernel]);
					const padding = (dilation * (kernel - 1)) / 2;
					const groups = depthwise ? channels : 1;
					// behind a ReLU, so that its input is blocked, and in front of one, which it can apply itself
					const y = conv2d(relu(conv2d(x, w0(channels), {})), w, { stride, padding, dilation, groups });
					const both = withGradients(relu(y), [x, w]);
					expect(await difference(both, [...inputsOf(both, [x, w]), w0(channels)], seed)).toBeLessThan(1e-4);
					const shift = input("shift", [1, w.shape[0]!, 1, 1]);
					const options = { stride, padding, dilation, groups };
					const shifted = withGradients(shiftedConv2d(relu(conv2d(x, w0(channels))), w, shift, options), [
						x,
						w,
						shift,
					]);
					const all = [...inputsOf(shifted, [x, w, shift]), w0(channels)];
					expect(await difference(shifted, all, seed)).toBeLessThan(1e-4);
				},
			),
			{ numRuns: 25 },
		);
	});

	it("in pooling, sums, products and batch normalisation", async () => {
		await fc.assert(
			fc.asyncProperty(kinds, async ({ channels, size, stride, kernel, seed }) => {
				const x = input("x", [BATCH, channels, size, size]);
				const perChannel = input("weight", [1, channels, 1, 1]);
				const a = conv2d(x, w0(channels), {});
				const pooled = averagePool2d(a, { kernel, stride, padding: (kernel - 1) / 2 });
				const normalized = normalize(mul(add(pooled, relu(pooled)), scalar(0.5)), [0, 2, 3]);
				const result = add(mul(normalized, perChannel), reduceMean(normalized, [0, 2, 3], true));
				const both = withGradients(result, [x, perChannel]);
				const all = [...inputsOf(both, [x, perChannel]), w0(channels)];
				expect(await difference(both, all, seed)).toBeLessThan(1e-3);
			}),
			{ numRuns: 25 },
		);
	});

	it("with ports that stay blocked between two models", async () => {
		const x = input("x", [BATCH, 6, 5, 5]);
		const [first, second] = [input("w", [10, 6, 3, 3]), input("v", [4, 10, 1, 1])];
		const middle = relu(conv2d(x, first, { padding: 1 }));
		const feeds = feedsOf([x, first, second], 5);
		const whole = await run(buildModel({ outputs: { y: conv2d(middle, second) } }), feeds);
		const rewrite = blockedRewrite(block!, new Set(["h"]));
		const { h } = await run(buildModel({ outputs: { h: middle }, rewrite }), feeds);
		expect(h!.shape).toEqual([BATCH, Math.ceil(10 / block!) * block!, 5, 5]);
		const { y } = await run(
			buildModel({ outputs: { y: conv2d(input("h", [BATCH, 10, 5, 5]), second) }, rewrite }),
			{ ...feeds, h: h! },
		);
		expect(deviation(y!.data, Array.from(whole.y!.data as Float32Array))).toBeLessThan(1e-5);
	});

	it("with a depthwise weight gradient of one convolution", () => {
		const [x, w] = [input("x", [BATCH, 32, 6, 6]), input("w", [32, 1, 3, 3])];
		const y = conv2d(x, w, { padding: 1, groups: 32 });
		const [gradient] = vectorJacobianProduct([{ result: y, upstream: input("dy", y.shape) }], [w]);
		const model = ModelProto.decode(
			buildModel({ outputs: { gradient: gradient! }, rewrite: blockedRewrite(block!) }),
		);
		expect(model.graph!.node.filter(({ opType }) => opType === "Conv")).toHaveLength(1);
		expect(model.graph!.node.filter(({ opType }) => opType === "FusedMatMul")).toHaveLength(0);
	});
});

/** Weights of a first 1×1 convolution, behind which values are blocked. */
const first = new Map<number, Tensor>();
function w0(channels: number): Tensor {
	const known = first.get(channels) ?? input("w0", [channels, channels, 1, 1]);
	first.set(channels, known);
	return known;
}
