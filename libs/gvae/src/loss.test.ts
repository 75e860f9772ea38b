import {
	buildModel,
	f32,
	gradients,
	i64,
	input,
	SessionPool,
	type Tensor,
	type TensorValue,
} from "@archgen/tensor-graph";
import { afterAll, describe, expect, it } from "vitest";
import { klDivergence, predictorLoss, reconstructionLoss, tripletLoss } from "./loss.js";

const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());

async function values(outputs: Record<string, Tensor>, feeds: Record<string, TensorValue>) {
	const model = await pool.load(buildModel({ outputs }));
	const results = await model.run(feeds);
	return Object.fromEntries(
		Object.entries(results).map(([name, value]) => [name, [...(value.data as Float32Array)]]),
	);
}

describe("klDivergence", () => {
	it("is 0 at the prior and the closed form elsewhere", async () => {
		const [mean, logStd] = [input("mean", [1, 2]), input("logStd", [1, 2])];
		const at = (m: number[], s: number[]) =>
			values({ kl: klDivergence({ mean, logStd }) }, { mean: f32(m, [1, 2]), logStd: f32(s, [1, 2]) });
		expect((await at([0, 0], [0, 0])).kl![0]).toBeCloseTo(0, 6);
		// ½ (μ² + σ² − 1) − ln σ
		const known = 0.5 * (4 + Math.exp(1) - 1) - 0.5 + 0.5 * (Math.exp(-2) - 1) + 1;
		expect((await at([2, 0], [0.5, -1])).kl![0]).toBeCloseTo(known, 5);
	});
});

describe("tripletLoss", () => {
	const latent = input("latent", [3, 2]);
	const [positive, negative] = [input("positive", [3], "int64"), input("negative", [3], "int64")];
	const loss = tripletLoss(latent, positive, negative, 0.1);
	const feeds = {
		latent: f32([0, 0, 3, 4, 0, 1], [3, 2]),
		positive: i64([1, 2, 0], [3]),
		negative: i64([2, 0, 1], [3]),
	};

	it("averages max{near − far + margin, 0}", async () => {
		const [ab, ac, bc] = [5, 1, Math.sqrt(18)];
		const known = (ab - ac + 0.1 + Math.max(0, bc - ab + 0.1) + Math.max(0, ac - bc + 0.1)) / 3;
		expect((await values({ loss }, feeds)).loss![0]).toBeCloseTo(known, 4);
	});

	it("has a finite gradient where anchor and positive coincide", async () => {
		const [gradient] = gradients(loss, [latent]);
		const same = { ...feeds, latent: f32([1, 1, 1, 1, 1, 1], [3, 2]) };
		expect((await values({ gradient: gradient! }, same)).gradient!.every(Number.isFinite)).toBe(true);
	});
});

it("weighs present features, not absent ones nor edges", async () => {
	const logits = {
		edges: input("edges", [1, 36]),
		types: input("types", [1, 6, 9]),
		kernels: input("kernels", [1, 6, 3]),
	};
	const targets = {
		edges: input("e", [1, 36]),
		types: input("t", [1, 6, 9]),
		kernels: input("k", [1, 6, 3]),
	};
	const at = async (weight: number, present: number) => {
		const zeros = (shape: number[]) => f32(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
		const types = new Float32Array(54);
		types[0] = present;
		const feeds = {
			edges: zeros([1, 36]),
			types: zeros([1, 6, 9]),
			kernels: zeros([1, 6, 3]),
			e: zeros([1, 36]),
			t: f32(types, [1, 6, 9]),
			k: zeros([1, 6, 3]),
		};
		return (await values({ loss: reconstructionLoss(logits, targets, weight) }, feeds)).loss![0]!;
	};
	// At logit 0 every term is ln 2: 36 edges, 54 types, 18 kernels.
	expect(await at(4, 0)).toBeCloseTo(108 * Math.log(2), 3);
	expect(await at(4, 1)).toBeCloseTo(111 * Math.log(2), 3);
	expect(await at(1, 1)).toBeCloseTo(108 * Math.log(2), 3);
});

it("sums squared errors over proxies and averages over cells", async () => {
	const [a, b] = [input("a", [2, 4]), input("b", [2, 4])];
	const feeds = { a: f32([1, 0, 0, 0, 0, 0, 0, 2], [2, 4]), b: f32(new Float32Array(8), [2, 4]) };
	expect((await values({ loss: predictorLoss(a, b) }, feeds)).loss![0]).toBeCloseTo(2.5);
});
