import { ccnf, createClient, type RpcClient, type StartedService, statusToError } from "@archgen/rpc";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	SAMPLE_CLUSTERS,
	SAMPLE_LATENT,
	writeSampleStore,
} from "../../../libs/models/testing/sample-bundle.js";
import { ccnfSettings } from "./settings.js";
import { startCcnf } from "./start.js";

let models: Awaited<ReturnType<typeof writeSampleStore>>;
let service: StartedService;
let client: RpcClient<typeof ccnf.CcnfServiceService>;
beforeAll(async () => {
	models = await writeSampleStore();
	service = await startCcnf(
		ccnfSettings.parse({ port: 0, models: models.folder, logLevel: "silent", limits: { drainMs: 100 } }),
	);
	client = createClient(ccnf.CcnfServiceService, { address: service.address });
});
afterAll(async () => {
	client.close();
	await service.stop();
	await models.remove();
});

type Condition = NonNullable<Parameters<typeof ccnf.LatentCondition.fromPartial>[0]>;
const cluster = (value: number): Condition => ({ target: { $case: "cluster", value } });
const raw = { naswot: 750, snipSsnr: Math.exp(4.5), parameterCount: Math.exp(14), flopCount: Math.exp(20) };

function sample(request: Parameters<typeof ccnf.SampleLatentsRequest.fromPartial>[0]) {
	return client.sampleLatents(ccnf.SampleLatentsRequest.fromPartial(request));
}

test("draws follow condition, count and seed", async () => {
	const request = { conditions: [cluster(0), cluster(3)], samplesPerCondition: 3, seed: 11n, requestId: "r" };
	const reply = await sample(request);
	expect(reply).toMatchObject({ seed: 11n, requestId: "r", modelVersion: { name: "default", version: "1" } });
	expect(reply.samples.map(({ conditionIndex }) => conditionIndex)).toEqual([0, 0, 0, 1, 1, 1]);
	expect(reply.samples.every(({ latent }) => latent?.values.length === SAMPLE_LATENT)).toBe(true);
	expect(reply.fieldEvaluations).toBeGreaterThan(0);
	expect(await sample(request)).toEqual(reply);
	expect((await sample({ ...request, seed: 12n })).samples).not.toEqual(reply.samples);
});

test("natural and standardised vectors mean the same", async () => {
	const natural = await sample({ conditions: [{ target: { $case: "zcVector", value: raw } }] });
	const values = [1, 1, 0, 1];
	const standardized = await sample({
		conditions: [{ target: { $case: "standardized", value: { values } } }],
	});
	const [a, b] = [natural, standardized].map(({ samples }) => samples[0]!.latent!.values);
	a!.forEach((value, i) => {
		expect(value).toBeCloseTo(b![i]!, 4);
	});
});

test("log-densities are finite and fall off away from the draws", async () => {
	const { samples } = await sample({ conditions: [cluster(1)], temperature: 0.2 });
	const latent = samples[0]!.latent!;
	const far = { values: latent.values.map((value) => value + 30) };
	const items = [latent, far].map((each) => ({ latent: each, condition: cluster(1) }));
	const { logDensities } = await client.logDensity(ccnf.LogDensityRequest.fromPartial({ items, seed: 1n }));
	expect(logDensities).toHaveLength(2);
	expect(logDensities.every(Number.isFinite)).toBe(true);
	expect(logDensities[0]).toBeGreaterThan(logDensities[1]!);
});

test.each([
	["conditions", { conditions: [] }],
	["conditions", { conditions: [cluster(0), cluster(1)], samplesPerCondition: 1000 }],
	["samples_per_condition", { conditions: [cluster(0)], samplesPerCondition: 2000 }],
	["conditions[1]", { conditions: [cluster(0), {}] }],
	["conditions[0].cluster", { conditions: [cluster(SAMPLE_CLUSTERS)] }],
	[
		"conditions[0].zc_vector.flop_count",
		{ conditions: [{ target: { $case: "zcVector" as const, value: { ...raw, flopCount: 0 } } }] },
	],
	[
		"conditions[0].zc_vector.naswot",
		{ conditions: [{ target: { $case: "zcVector" as const, value: { ...raw, naswot: Number.NaN } } }] },
	],
	[
		"conditions[0].standardized.values",
		{ conditions: [{ target: { $case: "standardized" as const, value: { values: [1, 2] } } }] },
	],
	["temperature", { conditions: [cluster(0)], temperature: 0 }],
	["temperature", { conditions: [cluster(0)], temperature: Number.NaN }],
	["model_version", { conditions: [cluster(0)], modelVersion: "7" }],
])("a bad request names %s", async (field, request) => {
	const failure = statusToError(await sample(request).catch((error: unknown) => error));
	expect(["INVALID_ARGUMENT", "FAILED_PRECONDITION"]).toContain(failure.category);
	expect(failure.violations[0]?.field).toBe(field);
});

test("without a bundle the service answers that there is none", async () => {
	const empty = await startCcnf(
		ccnfSettings.parse({ port: 0, models: "/no/such/folder", logLevel: "silent" }),
	);
	const orphan = createClient(ccnf.CcnfServiceService, { address: empty.address });
	const call = orphan.sampleLatents(ccnf.SampleLatentsRequest.fromPartial({ conditions: [cluster(0)] }));
	await expect(call).rejects.toMatchObject({ category: "FAILED_PRECONDITION", reason: "MODEL_NOT_FOUND" });
	orphan.close();
	await empty.stop();
});
