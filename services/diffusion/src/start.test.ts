import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DENOISER_CONFIG } from "@archgen/discrete-diffusion";
import { FolderModelStore } from "@archgen/models";
import { trainDenoiserFolder, writeSpaceBundle } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import {
	createClient,
	diffusion,
	type RpcClient,
	type StartedService,
	statusToError,
	waitForHealthy,
} from "@archgen/rpc";
import { countArchitecture, distinctArchitectures } from "@archgen/score-diffusion";
import { SEARCH_SPACES } from "@archgen/search-space";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diffusionSettings } from "./settings.js";
import { startDiffusion } from "./start.js";

const shipped = fileURLToPath(new URL("../../../models/nasbench201", import.meta.url));
const models = mkdtempSync(join(tmpdir(), "archgen-diffusion-"));
const space = SEARCH_SPACES.nasbench201;
let service: StartedService;
let client: RpcClient<typeof diffusion.DiffusionServiceService>;

/** Adds a version with a barely trained denoiser, which knows the class of few multiply-accumulates, to the shipped bundle. */
async function addDenoiser() {
	const bundle = join(models, "nasbench201");
	cpSync(shipped, bundle, { recursive: true });
	const folder = mkdtempSync(join(tmpdir(), "archgen-denoiser-"));
	const architectures = distinctArchitectures(space, 40, createRandom(0));
	const macs = architectures.map((each) => countArchitecture(space, each).macCount / 1e6);
	const file = { table: { architectures, columns: { macs } }, digest: "" };
	const targets = [{ kind: "within" as const, column: "macs", most: 60 }];
	const config = { ...DENOISER_CONFIG, steps: 3, batch: 8 };
	const signal = new AbortController().signal;
	const quiet = { signal, remark: () => {}, startProgress: () => ({ update: () => {}, stop: () => {} }) };
	await trainDenoiserFolder(quiet, space, {
		...{ config, architectures: 40, labels: { file, targets, amongWithin: true } },
		...{ folder, workers: 1, restart: false },
	});
	const store = new FolderModelStore(models);
	const part = (name: string) => join(bundle, "1", name);
	const predictors = [part("predictors/raspi4_ms"), part("predictors/c10_val")];
	await writeSpaceBundle(store, space, "3", {
		...{ score: part("score"), discrete: folder, predictors, metrics: {} },
	});
	await store.label("nasbench201", "default", "3");
	rmSync(folder, { recursive: true });
}

beforeAll(async () => {
	await addDenoiser();
	service = await startDiffusion(
		diffusionSettings.parse({ port: 0, models, logLevel: "silent", limits: { drainMs: 100 } }),
	);
	client = createClient(diffusion.DiffusionServiceService, { address: service.address });
});
afterAll(async () => {
	client.close();
	await service.stop();
	rmSync(models, { recursive: true });
});

type Asked = Parameters<typeof diffusion.SampleArchitecturesRequest.fromPartial>[0];

const DISCRETE = { generator: "discrete" };

/** All samples of a stream, and its end. */
async function sample(asked: Asked) {
	const request = diffusion.SampleArchitecturesRequest.fromPartial({
		space: "nasbench201",
		count: 8,
		...asked,
	});
	const samples: diffusion.SampledArchitecture[] = [];
	let summary: diffusion.SamplingSummary | undefined;
	for await (const { event } of client.sampleArchitectures(request)) {
		expect(summary).toBeUndefined();
		if (event?.$case === "found") samples.push(...event.value.samples);
		if (event?.$case === "summary") summary = event.value;
	}
	return { samples, summary: summary! };
}

const fails = async (call: Promise<unknown>) =>
	statusToError(await call.then(() => new Error("it did not fail")).catch((error: unknown) => error));

test("samples come as a stream that a summary ends, the same ones for a seed", async () => {
	await waitForHealthy({ address: service.address, service: "models/nasbench201" });
	const asked = { count: 300, seed: 5n, steps: 16, requestId: "a" };
	const { samples, summary } = await sample(asked);
	expect(samples).toHaveLength(300);
	expect(summary).toMatchObject({ generatedCount: 300, seed: 5n, requestId: "a", nearest: undefined });
	expect(summary.modelVersion).toMatchObject({ name: "nasbench201" });
	expect(summary.validity).toBe(samples.filter(({ valid }) => valid).length / 300);
	expect(summary.validity).toBeGreaterThan(0.95);
	for (const { architectureJson, parameterCount } of samples.filter(({ valid }) => valid))
		expect([architectureJson, parameterCount > 70_000n]).toEqual([expect.stringMatching(/^"\|.*\|"$/), true]);
	expect((await sample({ ...asked, count: 10 })).samples).toEqual(samples.slice(0, 10));
});

const CONVOLUTIONS =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|";

test("generators, predictors and devices are listed, guide, bound and predict", async () => {
	const { generators } = await client.listGenerators(diffusion.ListGeneratorsRequest.fromPartial({}));
	expect(generators.map(({ name }) => name)).toEqual(["score", "discrete"]);
	const { predictors, devices, conditions } = generators[0]!;
	expect(conditions).toEqual([]);
	expect(predictors.length).toBeGreaterThan(0);
	const [device] = devices;
	const property = `${device}_ms`;
	const guides = [{ predictor: property, strength: -3000 }];
	const fast = await sample({ count: 32, guides });
	const plain = await sample({ count: 32, guides: [{ ...guides[0]!, strength: 0 }] });
	const mean = ({ samples }: typeof fast) =>
		samples.reduce((sum, { predicted }) => sum + (predicted[property] ?? 0), 0) / samples.length;
	expect(mean(fast)).toBeLessThan(mean(plain));
	const none = await sample({ count: 2, latency: { device: device!, maxLatencyMs: 1e-3 } });
	expect(none.samples).toEqual([]);
	expect(none.summary.nearest!.valid).toBe(true);
	const architecturesJson = plain.samples.filter(({ valid }) => valid).map((each) => each.architectureJson);
	const request = diffusion.PredictPropertiesRequest.fromPartial({ space: space.name, architecturesJson });
	const { results } = await client.predictProperties(request);
	results.forEach(({ values }, i) => {
		expect(Object.keys(values).sort()).toEqual(predictors.map((each) => each.name).sort());
		expect(values[property]).toBeCloseTo(
			plain.samples.filter(({ valid }) => valid)[i]!.predicted[property]!,
			3,
		);
	});
});

test("a denoiser is served beside the score, with the classes that it can be asked for", async () => {
	const { generators } = await client.listGenerators(diffusion.ListGeneratorsRequest.fromPartial({}));
	const { conditions, trainedArchitectureCount, predictors } = generators[1]!;
	expect(conditions).toEqual([{ metric: "macs", classes: ["beyond", "within"] }]);
	expect([trainedArchitectureCount, predictors]).toEqual([40, []]);
	const asked = {
		...{ generator: "discrete", count: 70, seed: 3n, steps: 4, guidance: 1 },
		conditions: [{ metric: "macs", class: "within" }],
	};
	const { samples, summary } = await sample(asked);
	expect([samples.length, summary.generatedCount]).toEqual([70, 70]);
	expect(summary.validity).toBe(samples.filter(({ valid }) => valid).length / 70);
	expect((await sample({ ...asked, count: 5 })).samples).toEqual(samples.slice(0, 5));
});

test("what is unknown or out of bounds is refused by name", async () => {
	const cases: [Asked, string, string][] = [
		[{ space: "other" }, "NOT_FOUND", "nasbench201"],
		[{ generator: "flow" }, "INVALID_ARGUMENT", "there is score, discrete"],
		[{ ...DISCRETE, conditions: [{ metric: "beauty", class: "" }] }, "INVALID_ARGUMENT", "there are: macs"],
		[{ ...DISCRETE, conditions: [{ metric: "macs", class: "1" }] }, "INVALID_ARGUMENT", "beyond or within"],
		[{ ...DISCRETE, guides: [{ predictor: "c10_val", strength: 1 }] }, "INVALID_ARGUMENT", "guides"],
		[{ ...DISCRETE, guidance: -1 }, "INVALID_ARGUMENT", "guidance"],
		[{ ...DISCRETE, steps: 501 }, "INVALID_ARGUMENT", "steps"],
		[{ guidance: 1 }, "INVALID_ARGUMENT", "guidance"],
		[{ count: 0 }, "INVALID_ARGUMENT", "count"],
		[{ count: 10_001 }, "INVALID_ARGUMENT", "count"],
		[{ steps: 1 }, "INVALID_ARGUMENT", "steps"],
		[{ guides: [{ predictor: "../score", strength: 1 }] }, "INVALID_ARGUMENT", "guides[0].predictor"],
		[{ guides: [{ predictor: "c10_val", strength: Number.NaN }] }, "INVALID_ARGUMENT", "guides[0].strength"],
		[{ conditions: [{ metric: "accuracy", class: "1" }] }, "INVALID_ARGUMENT", "conditions"],
		[{ latency: { device: "abacus", maxLatencyMs: 1 } }, "INVALID_ARGUMENT", "latency.device"],
		[{ latency: { device: "raspi4", maxLatencyMs: 0 } }, "INVALID_ARGUMENT", "latency.max_latency_ms"],
	];
	for (const [asked, category, word] of cases) {
		const error = await fails(sample(asked));
		expect(error).toMatchObject({ category });
		expect(error.message).toContain(word);
	}
	const request = { space: "nasbench201", architecturesJson: ['"|conv|"'], properties: [] };
	const error = await fails(
		client.predictProperties(diffusion.PredictPropertiesRequest.fromPartial(request)),
	);
	expect(error).toMatchObject({ category: "INVALID_ARGUMENT" });
	expect(error.message).toContain("architectures_json[0]");
	const unknown = {
		space: "nasbench201",
		architecturesJson: [JSON.stringify(CONVOLUTIONS)],
		properties: ["beauty"],
	};
	const refused = await fails(
		client.predictProperties(diffusion.PredictPropertiesRequest.fromPartial(unknown)),
	);
	expect(refused).toMatchObject({ category: "INVALID_ARGUMENT" });
	expect(refused.message).toMatch(/properties.*beauty/);
});
