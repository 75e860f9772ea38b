import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ImageBatch, loadImages, syntheticBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";
import {
	alphaNetwork,
	cellFromJson,
	cellFromNasBench201,
	initializeParameters,
	lowerNetwork,
	type Network,
} from "@archgen/search-space";
import {
	buildModel,
	createInlineRuntime,
	crossEntropy,
	f32,
	gradients,
	i64,
	input,
	scalar,
	type Tensor,
} from "@archgen/tensor-graph";
import { describe, expect, it } from "vitest";
import { type BatchNormMode, expressLayer, isWeighted } from "./layer-expressions.js";
import { logDeterminant } from "./log-determinant.js";
import { saliencySums } from "./saliency.js";
import { scoreNetwork, ZC_PROXIES, zcVector } from "./score-network.js";
import { ScoringPool } from "./scoring-pool.js";
import { SectionCache } from "./section-cache.js";

const runtime = createInlineRuntime({ threads: 1 });
const cache = new SectionCache(runtime);

const mixedCell = cellFromJson({
	operations: [
		{ type: "mbconv_2", kernel: 3 },
		{ type: "sep_conv", kernel: 5 },
		{ type: "avg_pool", kernel: 3 },
		{ type: "dil_conv", kernel: 3 },
		{ type: "conv", kernel: 1 },
	],
	edges: [
		[0, 1],
		[0, 2],
		[0, 3],
		[1, 4],
		[2, 4],
		[3, 5],
		[4, 6],
		[5, 6],
		[1, 6],
	],
});

const network: Network = {
	input: { size: 16, channels: 3 },
	classes: 7,
	stem: { channels: 8, stride: 1 },
	stages: [
		{ cell: mixedCell, channels: 8, stride: 1, repeats: 2 },
		{ cell: mixedCell, channels: 16, stride: 2, repeats: 2 },
	],
	finalChannels: 24,
};
const batch = syntheticBatch(createRandom(3), { batch: 8, size: 16, classes: 7 });

/** The whole network as one graph, differentiated in one piece: what the section by section passes must reproduce. */
async function wholeGraph(subject: Network, images: ImageBatch, bnMode: BatchNormMode, seed: number) {
	const graph = lowerNetwork(subject);
	const values = initializeParameters(graph, createRandom(seed));
	const parameters = new Map<string, Tensor>();
	const feeds: Record<string, ReturnType<typeof f32>> = {};
	const tensors = new Map([[graph.input, input("x", images.shape)]]);
	const codes: Record<string, Tensor> = {};
	for (const layer of graph.layers) {
		const inputs = layer.inputs.map((id) => tensors.get(id)!);
		const parameter = (name: string, shape: readonly number[]) => {
			parameters.set(name, input(name, shape));
			feeds[name] = f32(values.get(name)!, shape);
			return parameters.get(name)!;
		};
		const result = expressLayer(layer, inputs, {
			bnMode,
			folded: new Map(),
			inputScale: scalar(1),
			parameter,
		});
		tensors.set(layer.output, result);
		if (isWeighted(layer)) codes[layer.name] = result;
	}
	const loss = crossEntropy(tensors.get(graph.output)!, input("labels", [images.shape[0]], "int64"));
	const names = [...parameters.keys()].filter((name) => name.endsWith(".weight"));
	const found = gradients(
		loss,
		names.map((name) => parameters.get(name)!),
	);
	const outputs = Object.fromEntries([
		...names.map((name, i) => [`d/${name}`, found[i]!]),
		...Object.entries(codes),
	]);
	const model = await runtime.load(buildModel({ outputs: outputs as Record<string, Tensor> }));
	const labels = i64(images.labels, [images.shape[0]]);
	const result = await model.run({ ...feeds, x: f32(images.images, images.shape), labels });
	await model.release();
	const saliencies = names.map((name) =>
		saliencySums(values.get(name)!, result[`d/${name}`]!.data as Float32Array),
	);
	return { saliencies, outputs: Object.keys(codes).map((name) => result[name]!) };
}

/** NASWOT from its definition: bit by bit. */
function naswotOf(
	outputs: readonly { readonly data: ArrayLike<number | bigint>; readonly shape: readonly number[] }[],
	n: number,
) {
	const kernel = new Float64Array(n * n);
	for (const { data } of outputs) {
		const length = data.length / n;
		for (let i = 0; i < n; i++)
			for (let j = 0; j < n; j++)
				for (let k = 0; k < length; k++)
					if (data[i * length + k]! > 0 === data[j * length + k]! > 0) kernel[i * n + j]!++;
	}
	return logDeterminant(kernel, n)!;
}

describe("scoreNetwork", () => {
	it.each(["eval", "train"] as const)("equals one whole graph, BN in %s mode", async (bnMode) => {
		const report = await scoreNetwork(cache, {
			network,
			batch,
			proxies: ["naswot", "snip", "tcet"],
			seed: 5,
			bnMode,
		});
		const whole = await wholeGraph(network, batch, bnMode, 5);
		const saliencies = report.layers.map((layer) => layer.saliency!);
		expect(saliencies).toHaveLength(whole.saliencies.length);
		saliencies.forEach((sums, i) => {
			expect(sums.sum / whole.saliencies[i]!.sum).toBeCloseTo(1, 3);
			expect(sums.std / whole.saliencies[i]!.std).toBeCloseTo(1, 3);
		});
		const evalOutputs =
			bnMode === "eval" ? whole.outputs : (await wholeGraph(network, batch, "eval", 5)).outputs;
		expect(report.values.naswot).toEqual({ ok: true, value: expect.closeTo(naswotOf(evalOutputs, 8), 6) });
	});

	it("gives the same numbers for the same seed and others for another", async () => {
		const score = (seed: number) =>
			scoreNetwork(cache, { network, batch, proxies: ["tcet", "snip_ssnr"], seed });
		const first = await score(1);
		expect(await score(1)).toEqual(first);
		expect((await score(2)).values).not.toEqual(first.values);
	});

	it("keeps what plain float32 would lose in a deep network", async () => {
		// 17 cells of a chain of six convolutions shrink the activations by more than 10⁻³⁸ with BN in eval mode
		const operations = Array.from({ length: 6 }, () => ({ type: "conv", kernel: 1 }));
		const chain = cellFromJson({ operations, edges: operations.map((_, i) => [i, i + 1]).concat([[6, 7]]) });
		const deep = alphaNetwork(chain, { size: 16 });
		const images = syntheticBatch(createRandom(1), { batch: 4, size: 16, classes: 10 });
		const report = await scoreNetwork(cache, { network: deep, batch: images, proxies: ["tcet"], seed: 0 });
		for (const { saliency } of report.layers) expect(saliency!.std).toBeGreaterThan(0);
	});

	it("names what does not fit", async () => {
		const score = (change: object) =>
			scoreNetwork(cache, { network, batch, proxies: ["naswot"], seed: 0, ...change });
		const large = syntheticBatch(createRandom(3), { batch: 8, size: 32, classes: 7 });
		await expect(score({ batch: large })).rejects.toMatchObject({ violations: [{ field: "batch" }] });
		await expect(score({ network: { ...network, classes: 2 } })).rejects.toMatchObject({
			violations: [{ field: "batch.labels" }],
		});
		await expect(score({ proxies: ["nope"] })).rejects.toMatchObject({ reason: "UNKNOWN_PROXY" });
		await expect(score({ proxies: [] })).rejects.toMatchObject({ violations: [{ field: "proxies" }] });
	});

	it("reports equal images as a singular kernel, not as a number", async () => {
		const images = batch.images.slice();
		images.copyWithin(0, images.length / 8, images.length / 4);
		const report = await scoreNetwork(cache, {
			network,
			batch: { ...batch, images },
			proxies: ["naswot"],
			seed: 0,
		});
		expect(report.values.naswot).toMatchObject({ ok: false, reason: "SINGULAR_KERNEL" });
		expect(() => zcVector(report)).toThrow(/naswot/);
	});

	it("stops between two sections when it is cancelled", async () => {
		const controller = new AbortController();
		const running = scoreNetwork(cache, { network, batch, proxies: ["tcet"], seed: 9 }, controller.signal);
		controller.abort();
		await expect(running).rejects.toMatchObject({ category: "CANCELLED" });
	});
});

const cifar = fileURLToPath(
	new URL("../../../../shared/data/cifar10/cifar10_train_first256.bin", import.meta.url),
);

describe.runIf(existsSync(cifar))("the best NATS-Bench cell on the first 64 CIFAR-10 images", () => {
	it("has the published NASWOT 790 ± 10 and SNIP-SSNR 80 ± 3", async () => {
		const cell = cellFromNasBench201(
			"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|",
		);
		const images = await loadImages(cifar, { batch: 64, size: 32 });
		const pool = ScoringPool.create({ workers: 1, threadsPerWorker: 2 });
		const report = await pool.score({
			network: alphaNetwork(cell),
			batch: images,
			proxies: ZC_PROXIES,
			seed: 0,
			bnMode: "train",
		});
		await pool.close();
		const { naswot, snipSsnr, parameterCount, flopCount } = zcVector(report);
		expect(Math.abs(naswot - 790)).toBeLessThan(10);
		expect(Math.abs(snipSsnr - 80)).toBeLessThan(3);
		expect([parameterCount, flopCount]).toEqual([1_148_474, 326_665_492]);
	});
});
